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
import { type MatmulSettings, matmulSettings } from '../matmul/settings.js';
import { directCost, multiplyDirect } from './direct.js';
import { gatheredCost, multiplyGathered } from './gathered.js';
import { borderOf, eachChunk, isFinite32, offsets } from './images.js';
import { isBordered, planesOf } from './padded.js';
import { type GatheredProduct, SLAB_ROWS } from './product.js';

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

/** Computes a product in the way that takes less time: bits are the same. */
function multiply(runtime: Runtime, product: GatheredProduct, fastMath: boolean): void {
  const way = directCost(product) < gatheredCost(product) ? multiplyDirect : multiplyGathered;
  way(runtime, product, fastMath);
}

/** conv2d: rows are the channels of the result, columns its positions, and windows are gathered eight at a time. */
export const convolutionWith = (settings: () => MatmulSettings): FastKernel<ConvolutionAttributes> => ({
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
    const { fastMath } = settings();
    const [from, to] = [runtime.operand(x), runtime.result(out)];
    const added = biasOf(runtime, bias);
    const perGroup = outputs / groups;
    const depth = inputs * rows * columns;
    const order = Int32Array.from({ length: depth }, (_, k) => k);
    const slabs = Array.from({ length: groups }, (_, group) =>
      slabsOf(runtime, weight, [group * perGroup * depth, perGroup, depth], order),
    );
    const positions = height * width;
    const { pitch, plane } = planesOf(size, border);
    const inner = offsets([inputs, rows, columns], [plane, dilation[0] * pitch, dilation[1]]);
    eachChunk(runtime, { address: from, batch, channels, size, border }, 0, (address, first, count) => {
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
        multiply(runtime, product, fastMath);
      }
    });
    runtime.finish(out, to);
    return true;
  },
});

export const fastConvolution = /* @__PURE__ */ convolutionWith(matmulSettings);

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
export const transposedConvolutionWith = (
  settings: () => MatmulSettings,
): FastKernel<ConvolutionAttributes> => ({
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
    const { fastMath } = settings();
    const [from, to] = [runtime.operand(x), runtime.result(out)];
    const added = biasOf(runtime, bias);
    const taps = rows * columns;
    const pixels = height * width;
    const { pitch, plane } = planesOf(size, border);
    const parts = phases[0].flatMap((vertical) =>
      phases[1].map((horizontal) => {
        const kernel = vertical.taps.flatMap((v) => horizontal.taps.map((h) => ({ v, h })));
        const order = Array.from({ length: inputs }, (_, c) =>
          kernel.map(({ v, h }) => c * outputs * taps + v.tap * columns + h.tap),
        ).flat();
        const slabs = Array.from({ length: groups }, (_, group) =>
          slabsOf(runtime, weight, [group * inputs * outputs * taps, outputs, taps], order),
        );
        const inner = Array.from({ length: inputs }, (_, c) =>
          kernel.map(({ v, h }) => FLOAT * (c * plane + (v.shift + top) * pitch + h.shift + left)),
        ).flat();
        return { vertical, horizontal, inner: Int32Array.from(inner), slabs };
      }),
    );
    eachChunk(runtime, { address: from, batch, channels, size, border }, 0, (address, first, count) => {
      for (const { vertical, horizontal, inner, slabs } of parts) {
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
          multiply(runtime, product, fastMath);
        }
      }
    });
    runtime.finish(out, to);
    return true;
  },
});

export const fastTransposedConvolution = /* @__PURE__ */ transposedConvolutionWith(matmulSettings);
