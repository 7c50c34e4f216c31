import type {
  ConvolutionAttributes,
  ConvolutionGeometry,
  Pair,
} from '../../../../tensor/kernels/convolution.js';
import type { Tensor } from '../../../../tensor/tensor.js';
import { MIN_MULTIPLICATIONS } from '../../costs.js';
import type { FastKernel } from '../../fast-kernel.js';
import type { Runtime } from '../../runtime.js';
import { FLOAT } from '../../sizes.js';
import { pack, panelShape } from '../matmul/pack.js';
import { matmulSettings } from '../matmul/settings.js';
import { LARGEST_FLOAT32, runWithin } from '../within.js';
import { multiplyGathered, SLAB_ROWS } from './gathered.js';
import { type Border, isBordered, type Planes, padded } from './padded.js';

/** Floats of scratch space that are filled at a time, so that they stay in the second cache. */
const CHUNK = 128 * 1024;

/** Images as a kernel reads them. */
interface Images {
  readonly address: number;
  readonly batch: number;
  readonly channels: number;
  readonly size: Pair;
  readonly border: Border;
}

/**
 * Calls `f` for ranges of images that are worked on together, with their planes inside of their border.
 * @param floats of scratch space that each image takes beside those
 */
function eachChunk(
  runtime: Runtime,
  { address, batch, channels, size, border }: Images,
  floats: number,
  f: (planes: Planes, first: number, count: number) => void,
): void {
  const each = channels * paddedSize(size, border) + floats;
  const chunks = Math.min(batch, Math.ceil((batch * each) / CHUNK));
  const most = Math.ceil(batch / Math.max(1, chunks));
  for (let first = 0; first < batch; first += most) {
    const count = Math.min(most, batch - first);
    const start = address + first * channels * size[0] * size[1] * FLOAT;
    runtime.scoped(() => f(padded(runtime, start, count * channels, size, border), first, count));
  }
}

/** Numbers in a plane that is copied for its border; 0 where it is read as it stands. */
const paddedSize = ([height, width]: Pair, border: Border): number =>
  isBordered(border) ? (border.top + height + border.bottom) * (border.left + width + border.right) : 0;

/** Whether every number is finite: then 0 times it changes no sum, and a border of zeros stands for what is left out. */
function isFinite32(runtime: Runtime, { data }: Tensor): boolean {
  return (
    data instanceof Float32Array &&
    runtime.scoped(() => runWithin(runtime, [data], -LARGEST_FLOAT32, LARGEST_FLOAT32))
  );
}

/** Rows of a weight in slabs: number k of row r is `weight[base + r * step + order[k]]`. */
function slabsOf(
  runtime: Runtime,
  { data }: Tensor,
  [base, rows, step]: readonly [base: number, rows: number, step: number],
  order: ArrayLike<number>,
): number {
  const count = Math.ceil(rows / SLAB_ROWS) * SLAB_ROWS * order.length;
  const address = runtime.reserve(count);
  const slabs = runtime.memory.floats(address, count);
  for (let first = 0, at = 0; first < rows; first += SLAB_ROWS) {
    for (let k = 0; k < order.length; k++) {
      for (let r = first; r < first + SLAB_ROWS; r++) {
        slabs[at++] = r < rows ? data[base + r * step + order[k]] : 0;
      }
    }
  }
  return address;
}

/** The bias with room to be read in whole slabs by every group, which begin at `step` numbers from each other; 0 for none. */
function biasOf(runtime: Runtime, bias: Tensor | undefined): number {
  if (bias === undefined) return 0;
  const address = runtime.reserve(bias.size + SLAB_ROWS);
  runtime.memory.floats(address, bias.size).set(bias.data);
  return address;
}

/** Offsets in bytes of numbers in three nested dimensions, the outermost first, in row-major order. */
function offsets(counts: readonly number[], steps: readonly number[]): Int32Array {
  const [planes, rows, columns] = counts;
  const list = new Int32Array(planes * rows * columns);
  let at = 0;
  for (let z = 0; z < planes; z++) {
    for (let y = 0; y < rows; y++) {
      for (let x = 0; x < columns; x++) list[at++] = FLOAT * (z * steps[0] + y * steps[1] + x * steps[2]);
    }
  }
  return list;
}

/** The border that windows read; null where they cut off, which only plain loops do. */
function borderOf({ padding: [rows, columns] }: ConvolutionGeometry): Border | null {
  if (rows[0] < 0 || columns[0] < 0) return null;
  return {
    top: rows[0],
    bottom: Math.max(0, rows[1]),
    left: columns[0],
    right: Math.max(0, columns[1]),
  };
}

/** conv2d: rows are the channels of the result, columns its positions, and windows are gathered eight at a time. */
export const fastConvolution: FastKernel<ConvolutionAttributes> = {
  name: 'conv2d',
  run(runtime, out, [x, weight, bias], attributes) {
    const { stride, dilation, groups, activation } = attributes;
    const [batch, channels, ...image] = x.shape;
    const [outputs, inputs, rows, columns] = weight.shape;
    const [, , height, width] = out.shape;
    const border = borderOf(attributes);
    if (border === null || out.size * inputs * rows * columns < MIN_MULTIPLICATIONS) return false;
    if (isBordered(border) && !isFinite32(runtime, weight)) return false;
    const size: Pair = [image[0], image[1]];
    const { fastMath } = matmulSettings();
    const [from, to] = [runtime.operand(x), runtime.result(out)];
    const added = biasOf(runtime, bias);
    const perGroup = outputs / groups;
    const depth = inputs * rows * columns;
    const order = Int32Array.from({ length: depth }, (_, k) => k);
    const slabs = Array.from({ length: groups }, (_, group) =>
      slabsOf(runtime, weight, [group * perGroup * depth, perGroup, depth], order),
    );
    const positions = height * width;
    eachChunk(
      runtime,
      { address: from, batch, channels, size, border },
      0,
      ({ address, pitch, plane }, first, count) => {
        const inner = offsets([inputs, rows, columns], [plane, dilation[0] * pitch, dilation[1]]);
        for (let group = 0; group < groups; group++) {
          const product = {
            rows: perGroup,
            inner,
            slabs: slabs[group],
            source: address + group * inputs * plane * FLOAT,
            target: to + (first * outputs + group * perGroup) * positions * FLOAT,
            rowStep: positions * FLOAT,
            counts: [width, height, count],
            sourceSteps: [stride[1] * FLOAT, stride[0] * pitch * FLOAT, channels * plane * FLOAT],
            targetSteps: [FLOAT, width * FLOAT, outputs * positions * FLOAT],
            bias: added === 0 ? 0 : added + group * perGroup * FLOAT,
            relu: activation === 'relu',
          } as const;
          multiplyGathered(runtime, product, fastMath);
        }
      },
    );
    runtime.finish(out, to);
    return true;
  },
};

/** The pixels p = phase, phase + stride, ... along an axis, and the taps that reach them: tap k from position p' + shift. */
interface Phase {
  readonly phase: number;
  readonly count: number;
  readonly taps: readonly { readonly tap: number; readonly shift: number }[];
}

function phasesOf(
  { stride, dilation, padding }: ConvolutionGeometry,
  axis: 0 | 1,
  pixels: number,
  kernel: number,
): Phase[] {
  const step = stride[axis];
  return Array.from({ length: Math.min(step, pixels) }, (_, phase) => ({
    phase,
    count: Math.ceil((pixels - phase) / step),
    taps: Array.from({ length: kernel }, (_, tap) => ({
      tap,
      shift: (phase + padding[axis][0] - tap * dilation[axis]) / step,
    })).filter(({ shift }) => Number.isInteger(shift)),
  }));
}

/** Zeros before and after an axis of positions that all taps of all phases read. */
function reach(phases: readonly Phase[], positions: number): Pair {
  const shifts = phases.flatMap(({ count, taps }) =>
    taps.map(({ shift }) => [shift, shift + count] as const),
  );
  return [
    Math.max(0, ...shifts.map(([first]) => -first)),
    Math.max(0, ...shifts.map(([, end]) => end - positions)),
  ];
}

/**
 * convTranspose2d: rows are the channels of the result. Its pixels are divided into the phases of the stride: those of one are
 * the positions of a convolution with some of the taps, so that nothing is multiplied by inserted zeros.
 */
export const fastTransposedConvolution: FastKernel<ConvolutionAttributes> = {
  name: 'convTranspose2d',
  run(runtime, out, [x, weight, bias], attributes) {
    const { stride, groups, activation } = attributes;
    const [batch, channels, ...image] = x.shape;
    const [, outputs, rows, columns] = weight.shape;
    const [, , height, width] = out.shape;
    const inputs = channels / groups;
    if (x.size * outputs * rows * columns < MIN_MULTIPLICATIONS) return false;
    const size: Pair = [image[0], image[1]];
    const phases = [phasesOf(attributes, 0, height, rows), phasesOf(attributes, 1, width, columns)] as const;
    const [[top, bottom], [left, right]] = [reach(phases[0], size[0]), reach(phases[1], size[1])];
    const border = { top, bottom, left, right };
    if (isBordered(border) && !isFinite32(runtime, weight)) return false;
    const { fastMath } = matmulSettings();
    const [from, to] = [runtime.operand(x), runtime.result(out)];
    const added = biasOf(runtime, bias);
    const taps = rows * columns;
    const pixels = height * width;
    const parts = phases[0].flatMap((vertical) =>
      phases[1].map((horizontal) => {
        const kernel = vertical.taps.flatMap((v) => horizontal.taps.map((h) => ({ v, h })));
        const order = Array.from({ length: inputs }, (_, c) =>
          kernel.map(({ v, h }) => c * outputs * taps + v.tap * columns + h.tap),
        ).flat();
        const slabs = Array.from({ length: groups }, (_, group) =>
          slabsOf(runtime, weight, [group * inputs * outputs * taps, outputs, taps], order),
        );
        return { vertical, horizontal, kernel, slabs };
      }),
    );
    eachChunk(
      runtime,
      { address: from, batch, channels, size, border },
      0,
      ({ address, pitch, plane }, first, count) => {
        for (const { vertical, horizontal, kernel, slabs } of parts) {
          const inner = Int32Array.from(
            Array.from({ length: inputs }, (_, c) =>
              kernel.map(({ v, h }) => FLOAT * (c * plane + (v.shift + top) * pitch + h.shift + left)),
            ).flat(),
          );
          for (let group = 0; group < groups; group++) {
            const channel = (first * groups + group) * outputs;
            const pixel = vertical.phase * width + horizontal.phase;
            const product = {
              rows: outputs,
              inner,
              slabs: slabs[group],
              source: address + group * inputs * plane * FLOAT,
              target: to + (channel * pixels + pixel) * FLOAT,
              rowStep: pixels * FLOAT,
              counts: [horizontal.count, vertical.count, count],
              sourceSteps: [FLOAT, pitch * FLOAT, channels * plane * FLOAT],
              targetSteps: [stride[1] * FLOAT, stride[0] * width * FLOAT, groups * outputs * pixels * FLOAT],
              bias: added === 0 ? 0 : added + group * outputs * FLOAT,
              relu: activation === 'relu',
            } as const;
            multiplyGathered(runtime, product, fastMath);
          }
        }
      },
    );
    runtime.finish(out, to);
    return true;
  },
};

/**
 * The gradient by the weight: rows are the channels of the result, columns the weights of one of them. The sum goes over positions,
 * image by image, so that threads share the weights and never a sum.
 */
export const fastConvolutionWeight: FastKernel<ConvolutionGeometry> = {
  name: 'conv2dWeightGradient',
  run(runtime, out, [x, g], geometry) {
    const { stride, dilation, groups } = geometry;
    const [batch, channels, ...image] = x.shape;
    const [outputs, inputs, rows, columns] = out.shape;
    const [, , height, width] = g.shape;
    const border = borderOf(geometry);
    if (border === null || batch === 0 || g.size * inputs * rows * columns < MIN_MULTIPLICATIONS)
      return false;
    if (isBordered(border) && !isFinite32(runtime, g)) return false;
    const size: Pair = [image[0], image[1]];
    const { fastMath } = matmulSettings();
    const [from, upstream, to] = [runtime.operand(x), runtime.operand(g), runtime.result(out)];
    const perGroup = outputs / groups;
    const positions = height * width;
    const taps = rows * columns;
    const shape = panelShape(SLAB_ROWS, SLAB_ROWS);
    const blockSlabs = Math.ceil(perGroup / SLAB_ROWS) * SLAB_ROWS * positions;
    eachChunk(
      runtime,
      { address: from, batch, channels, size, border },
      blockSlabs,
      ({ address, pitch, plane }, first, count) => {
        const inner = offsets([1, height, width], [0, stride[0] * pitch, stride[1]]);
        const slabs = runtime.reserve(count * blockSlabs);
        for (let group = 0; group < groups; group++) {
          for (let n = 0; n < count; n++) {
            const channel = (first + n) * outputs + group * perGroup;
            const rowsOf = {
              address: upstream + channel * positions * FLOAT,
              inner: FLOAT,
              outer: positions * FLOAT,
            };
            const whole = { p: 0, k: positions, count: perGroup, to: slabs + n * blockSlabs * FLOAT };
            pack(runtime, rowsOf, shape, whole);
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
      },
    );
    runtime.finish(out, to);
    return true;
  },
};
