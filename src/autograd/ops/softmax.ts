import { fastLogSoftmax, fastLogsumexp, fastSoftmax } from '../../device/wasm/kernels/softmax.js';
import type { DType, TensorData } from '../../tensor/dtype.js';
import { forEachRow, mapRows, maxOf, sumTree } from '../../tensor/kernels/reduce.js';
import * as math from '../../tensor/math/index.js';
import { reducedShape, type Shape } from '../../tensor/shape.js';
import type { Tensor } from '../../tensor/tensor.js';
import { noGrad } from '../apply.js';
import { defineOp } from '../define-op.js';
import { fuse } from '../fuse.js';
import type { OpFunction } from '../op.js';
import { mul, sub } from './arithmetic.js';
import { type AxesOptions, resolveAxes } from './axes.js';
import { greaterEqual } from './compare.js';
import { exp } from './exponential.js';
import { type ReduceOptions, reducing, reductionCases, sum } from './reduce.js';
import { where } from './select.js';
import { reshape } from './shape.js';

type Unary = (x: number) => number;

const scalar = (dtype: DType): { exp: Unary; log1p: Unary } =>
  dtype === 'float32'
    ? { exp: math.exp.f32, log1p: math.log1p.f32 }
    : { exp: math.exp.f64, log1p: math.log1p.f64 };

/** row -= its largest element (an infinite one is left, as infinity less itself is no number); returns it. */
function shiftToZero(row: TensorData): number {
  const largest = maxOf(row);
  if (Number.isFinite(largest)) for (let i = 0; i < row.length; i++) row[i] -= largest;
  return largest;
}

/**
 * log(sum(e^row)) of a row shifted so that its largest element is 0, as log1p of the other terms: where the largest
 * dominates, log would lose what they add to 1.
 */
function logOfShifted(row: TensorData, dtype: DType): number {
  const { exp: e, log1p } = scalar(dtype);
  const largest = row.indexOf(0);
  const others = row.map(e);
  others[largest] = 0;
  return log1p(sumTree(others));
}

const logsumexpGradient = fuse('gradient of logsumexp', (g, dead, weights) =>
  mul(g, where(dead, 0, weights)),
);

/**
 * log(sum(e^x)) over axes, all of them by default; shapes as in {@link sum}. It is shifted by the largest element, so that
 * nothing overflows; -infinity for nothing.
 * @throws ShapeError for an axis out of range or given twice.
 */
export const logsumexp: OpFunction<1, ReduceOptions> = defineOp({
  ...reducing,
  name: 'logsumexp',
  doc: 'log(sum(e^x)) over axes, shifted by the largest element so that nothing overflows; -infinity for nothing.',
  forward: (out, [x], { axes }) => {
    forEachRow(x, axes, (row, at) => {
      const largest = shiftToZero(row);
      out.data[at] = Number.isFinite(largest) ? largest + logOfShifted(row, x.dtype) : largest;
    });
  },
  kernels: { wasm: fastLogsumexp },
  saves: ['inputs', 'output'],
  vjp: [
    (g, { x, y, attributes }) => {
      // The weights are a softmax and not e^(x - y): y is rounded, so that those would not sum to 1 for large y.
      // Where every element is -infinity so is y; the softmax is no number there, and the weights are zero.
      const { axes } = attributes;
      const shape = reducedShape(x.shape, axes, true);
      const dead = noGrad(() => greaterEqual(Number.NEGATIVE_INFINITY, reshape(y, { shape })));
      return logsumexpGradient(reshape(g, { shape }), dead, softmax(where(dead, 0, x), { axes }));
    },
  ],
  domain: { cases: reductionCases.slice(1) },
});

/** Axes of a normalization. Defaults to the last one. */
export type SoftmaxOptions = AxesOptions;

const normalizedAxes = (given: SoftmaxOptions | undefined, [x]: readonly Shape[], name: string) => ({
  axes: resolveAxes(given, x.length, name, x.length === 0 ? [] : -1),
});

const over = (x: Tensor, axes: readonly number[]): Tensor =>
  sum(x, { axes, keepDims: true } satisfies ReduceOptions);

const softmaxCases = [
  { shapes: [['m', 'n']] },
  { shapes: [['m', 'n']], attributes: { axes: 0 } },
  { shapes: [['l', 'm', 'n']], attributes: { axes: [0, 2] } },
] as const;

const softmaxGradient = fuse('gradient of softmax', (g, y, total) => mul(y, sub(g, total)));

/**
 * e^x / sum(e^x) over axes, the last by default: positive numbers that sum to 1. It is shifted by the largest element, so that
 * nothing overflows.
 * @throws ShapeError for an axis out of range or given twice.
 */
export const softmax: OpFunction<1, SoftmaxOptions> = defineOp({
  name: 'softmax',
  doc: 'e^x / sum(e^x) over axes (the last by default), shifted by the largest element.',
  arity: 1,
  options: ['axes', 'axis'],
  attributes: normalizedAxes,
  shape: ([x]) => x,
  forward: (out, [x], { axes }) => {
    const { exp: e } = scalar(x.dtype);
    mapRows(out, x, axes, (row) => {
      shiftToZero(row);
      for (let i = 0; i < row.length; i++) row[i] = e(row[i]);
      const total = sumTree(row);
      for (let i = 0; i < row.length; i++) row[i] /= total;
    });
  },
  kernels: { wasm: fastSoftmax },
  saves: ['output'],
  vjp: [(g, { y, attributes: { axes } }) => softmaxGradient(g, y, over(mul(g, y), axes))],
  domain: { cases: softmaxCases },
});

const logSoftmaxGradient = fuse('gradient of logSoftmax', (g, y, total) => sub(g, mul(exp(y), total)));

/**
 * x - logsumexp(x) over axes, the last by default: the logarithm of {@link softmax}, accurate where that vanishes.
 * @throws ShapeError for an axis out of range or given twice.
 */
export const logSoftmax: OpFunction<1, SoftmaxOptions> = defineOp({
  name: 'logSoftmax',
  doc: 'x - logsumexp(x) over axes (the last by default).',
  arity: 1,
  options: ['axes', 'axis'],
  attributes: normalizedAxes,
  shape: ([x]) => x,
  forward: (out, [x], { axes }) => {
    mapRows(out, x, axes, (row) => {
      // Beside an infinite element there is no distribution: all of the row is NaN, or -infinity.
      const largest = shiftToZero(row);
      const logTotal = Number.isFinite(largest) ? logOfShifted(row, x.dtype) : largest;
      for (let i = 0; i < row.length; i++) row[i] -= logTotal;
    });
  },
  kernels: { wasm: fastLogSoftmax },
  saves: ['output'],
  vjp: [(g, { y, attributes: { axes } }) => logSoftmaxGradient(g, y, over(g, axes))],
  domain: { cases: softmaxCases },
});
