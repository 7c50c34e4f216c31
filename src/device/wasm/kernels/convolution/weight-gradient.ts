import type { ConvolutionGeometry, Pair } from '../../../../tensor/kernels/convolution.js';
import type { Tensor } from '../../../../tensor/tensor.js';
import { MIN_MULTIPLICATIONS, NANOSECONDS } from '../../costs.js';
import type { FastKernel } from '../../fast-kernel.js';
import type { Runtime } from '../../runtime.js';
import { FLOAT, REGISTER } from '../../sizes.js';
import { type PanelShape, pack, panelBytes, panelShape } from '../matmul/pack.js';
import { type MatmulSettings, matmulSettings } from '../matmul/settings.js';
import { multiplyGathered } from './gathered.js';
import { borderOf, eachChunk, type Images, isFinite32, offsets } from './images.js';
import { isBordered, planesOf } from './padded.js';
import { SLAB_ROWS } from './product.js';
import { addWeightSums, registersOf, type SumsTile, segmentsOf, tileOf } from './weight-sums.js';

/** Channels whose sums a register holds. */
const LANES = 4;
const inLanes = (channels: number): number => Math.ceil(channels / LANES);

/** A gradient by the weight: what both ways of computing it read. */
interface WeightGradient {
  readonly out: Tensor;
  readonly images: Images;
  /** Address and sizes of the gradient of the result. */
  readonly upstream: number;
  readonly height: number;
  readonly width: number;
  readonly geometry: ConvolutionGeometry;
  readonly fastMath: boolean;
}

/** How channels of a group stand in registers: those of the result, or those of the image where the others are few. */
interface SumsPlan {
  readonly byResult: boolean;
  /** Numbers on the left: registers, or channels of the result. */
  readonly lefts: number;
  /** Planes on the right. */
  readonly planes: number;
  readonly tile: SumsTile;
}

function sumsPlan(perGroup: number, inputs: number, rows: number, columns: number): SumsPlan {
  const byResult = inLanes(perGroup) * inputs <= perGroup * inLanes(inputs);
  const [lefts, planes] = byResult ? [inLanes(perGroup), inputs] : [perGroup, inLanes(inputs)];
  return { byResult, lefts, planes, tile: tileOf(lefts, planes * rows, columns) };
}

/** Whether sums in registers take less time for each position than panels of gathered columns. */
function sumsPay(
  { byResult, lefts, planes }: SumsPlan,
  rows: number,
  columns: number,
  taps: number,
): boolean {
  const { multiply, multiplySums, gather, pack: packing } = NANOSECONDS;
  const panels = 8 * Math.ceil(columns / 8) * (SLAB_ROWS * Math.ceil(rows / SLAB_ROWS) * multiply + gather);
  const sums = LANES * lefts * planes * taps * multiplySums;
  return sums + (byResult ? 0 : LANES * planes * packing) < panels;
}

/** Packs the gradient of the result at the channels of a group, for one image: a line is all positions of a channel. */
function packUpstream(
  runtime: Runtime,
  { out, upstream, height, width, geometry }: WeightGradient,
  shape: PanelShape,
  image: number,
  group: number,
  to: number,
): void {
  const outputs = out.shape[0];
  const count = outputs / geometry.groups;
  const k = height * width;
  const channel = image * outputs + group * count;
  const lines = { address: upstream + channel * k * FLOAT, inner: FLOAT, outer: k * FLOAT };
  pack(runtime, lines, shape, { p: 0, k, count, to });
}

/**
 * Rows are the channels of the result, columns the weights of one of them, and the inner dimension goes over positions, image by image.
 */
function byPanels(runtime: Runtime, gradient: WeightGradient): void {
  const { out, images, height, width, geometry, fastMath } = gradient;
  const { stride, dilation, groups } = geometry;
  const [outputs, inputs, rows, columns] = out.shape;
  const { channels } = images;
  const to = runtime.result(out);
  const perGroup = outputs / groups;
  const positions = height * width;
  const taps = rows * columns;
  const shape = panelShape(SLAB_ROWS, SLAB_ROWS);
  const blockSlabs = Math.ceil(perGroup / SLAB_ROWS) * SLAB_ROWS * positions;
  const { pitch, plane } = planesOf(images.size, images.border);
  const inner = offsets([1, height, width], [0, stride[0] * pitch, stride[1]]);
  eachChunk(runtime, images, blockSlabs, (address, first, count) => {
    const slabs = runtime.reserve(count * blockSlabs);
    for (let group = 0; group < groups; group++) {
      for (let n = 0; n < count; n++) {
        packUpstream(runtime, gradient, shape, first + n, group, slabs + n * blockSlabs * FLOAT);
      }
      const product = {
        rows: perGroup,
        inner,
        blocks: count,
        blockSource: channels * plane * FLOAT,
        blockSlabs: blockSlabs * FLOAT,
        slabs,
        source: address + group * inputs * plane * FLOAT,
        target: to + group * perGroup * inputs * taps * FLOAT,
        rowStep: inputs * taps * FLOAT,
        counts: [columns, rows, inputs],
        sourceSteps: [dilation[1] * FLOAT, dilation[0] * pitch * FLOAT, plane * FLOAT],
        targetSteps: [FLOAT, columns * FLOAT, taps * FLOAT],
        bias: 0,
        relu: false,
        accumulate: first > 0,
      } as const;
      multiplyGathered(runtime, product, fastMath);
    }
  });
  runtime.finish(out, to);
}

/** Four channels are copied to stand side by side, and a register has the sum of each. */
function bySums(
  runtime: Runtime,
  gradient: WeightGradient,
  { byResult, lefts, planes, tile }: SumsPlan,
): void {
  const { out, images, height, width, geometry, fastMath } = gradient;
  const { stride, dilation, groups } = geometry;
  const [outputs, inputs, rows, columns] = out.shape;
  const { channels, size, border } = images;
  const perGroup = outputs / groups;
  const positions = height * width;
  const segments = segmentsOf(planes, rows, columns, tile.taps);
  const registers = registersOf(tile, segments.length);
  const panels = Math.ceil(lefts / tile.lefts);
  const wide = tile.lefts * LANES;
  const leftShape = byResult ? panelShape(wide, wide) : panelShape(tile.lefts, LANES);
  const rightShape = panelShape(LANES, LANES);
  const leftBytes = panelBytes(leftShape, positions);
  const leftSize = (panels * leftBytes) / FLOAT;
  const { pitch, plane } = planesOf(size, border);
  const rightSize = byResult ? 0 : planes * LANES * plane;
  const each = panels * registers * LANES;
  const to = runtime.reserve(groups * each);
  runtime.memory.floats(to, groups * each).fill(0);
  const pixel = byResult ? FLOAT : REGISTER;
  const inner = offsets([1, height, width], [0, stride[0] * pitch, stride[1]], pixel);
  const places = segments.map(
    (s) => pixel * (s.plane * plane + s.row * dilation[0] * pitch + s.column * dilation[1]),
  );
  eachChunk(runtime, images, leftSize + rightSize, (address, first, count) => {
    const left = runtime.reserve(count * leftSize);
    const right = byResult ? address : runtime.reserve(count * rightSize);
    for (let group = 0; group < groups; group++) {
      for (let n = 0; n < count; n++) {
        packUpstream(runtime, gradient, leftShape, first + n, group, left + n * leftSize * FLOAT);
        if (byResult) continue;
        const start = address + (n * channels + group * inputs) * plane * FLOAT;
        const pixels = { address: start, inner: FLOAT, outer: plane * FLOAT };
        pack(runtime, pixels, rightShape, {
          p: 0,
          k: plane,
          count: inputs,
          to: right + n * rightSize * FLOAT,
        });
      }
      const sums = {
        tile,
        vectors: byResult ? 'left' : 'right',
        left,
        panels,
        panelBytes: leftBytes,
        leftImage: leftSize * FLOAT,
        right: byResult ? address + group * inputs * plane * FLOAT : right,
        rightImage: FLOAT * (byResult ? channels * plane : rightSize),
        inner,
        images: count,
        segments: places,
        tapStep: dilation[1] * pixel,
        to: to + group * each * FLOAT,
      } as const;
      addWeightSums(runtime, sums, fastMath);
    }
  });
  const { f32 } = runtime.memory;
  const weights = rows * columns;
  const laneStep = byResult ? inputs * weights : weights;
  for (let i = 0; i < groups * lefts; i++) {
    const [group, number] = [Math.floor(i / lefts), i % lefts];
    const o = number * (byResult ? LANES : 1);
    const panel = to / FLOAT + group * each + Math.floor(number / tile.lefts) * registers * LANES;
    segments.forEach((s, j) => {
      const c = s.plane * (byResult ? 1 : LANES);
      const lanes = Math.min(LANES, byResult ? perGroup - o : inputs - c);
      const weight = ((group * perGroup + o) * inputs + c) * weights + s.row * columns + s.column;
      for (let t = 0; t < tile.taps; t++) {
        const at = panel + ((j * tile.taps + t) * tile.lefts + (number % tile.lefts)) * LANES;
        for (let l = 0; l < lanes; l++) out.data[weight + t + l * laneStep] = f32[at + l];
      }
    });
  }
}

/**
 * The gradient by the weight: each sum goes over positions, image by image, so that threads share the weights and never a sum. Where
 * one side has few channels, sums in registers need no panel.
 */
export const convolutionWeightWith = (settings: () => MatmulSettings): FastKernel<ConvolutionGeometry> => ({
  name: 'conv2dWeightGradient',
  run(runtime, out, [x, g], geometry) {
    const [batch, channels, ...image] = x.shape;
    const [outputs, inputs, rows, columns] = out.shape;
    const [, , height, width] = g.shape;
    const border = borderOf(geometry);
    if (border === null || batch === 0 || g.size * inputs * rows * columns < MIN_MULTIPLICATIONS)
      return false;
    if (isBordered(border) && !isFinite32(runtime, g)) return false;
    const size: Pair = [image[0], image[1]];
    const images = { address: runtime.operand(x), batch, channels, size, border };
    const { fastMath } = settings();
    const gradient = { out, images, upstream: runtime.operand(g), height, width, geometry, fastMath };
    const perGroup = outputs / geometry.groups;
    const plan = sumsPlan(perGroup, inputs, rows, columns);
    if (sumsPay(plan, perGroup, inputs * rows * columns, rows * columns)) bySums(runtime, gradient, plan);
    else byPanels(runtime, gradient);
    return true;
  },
});

export const fastConvolutionWeight = /* @__PURE__ */ convolutionWeightWith(matmulSettings);
