import { fastMean, fastSum } from '../../device/wasm/kernels/sum.js';
import { forEachRow, sumTree } from '../../tensor/kernels/reduce.js';
import { reducedShape, type Shape, sizeOf } from '../../tensor/shape.js';
import type { Tensor } from '../../tensor/tensor.js';
import { defineOp } from '../define-op.js';
import type { OpFunction } from '../op.js';
import { div } from './arithmetic.js';
import { type AxesOptions, resolveAxes } from './axes.js';
import { broadcastTo, reshape } from './shape.js';

/** Which dimensions a reduction runs over, as a caller gives it. Defaults to all. */
export interface ReduceOptions extends AxesOptions {
  /** Keep reduced dimensions with size 1. Defaults to false. */
  readonly keepDims?: boolean;
}

/** The same, resolved against a shape. */
export interface Reduction {
  readonly axes: readonly number[];
  readonly keepDims: boolean;
}

export const reduction = (
  given: ReduceOptions | undefined,
  [x]: readonly Shape[],
  name: string,
): Reduction => ({
  axes: resolveAxes(given, x.length, name),
  keepDims: given?.keepDims ?? false,
});

export const reduced = ([x]: readonly Shape[], { axes, keepDims }: Reduction): Shape =>
  reducedShape(x, axes, keepDims);

/** What reductions have in common: how they are called, and the shape that they give. */
export const reducing = {
  arity: 1,
  options: ['axes', 'axis', 'keepDims'],
  attributes: reduction,
  shape: reduced,
} as const;

/** The combinations every reduction is tested with. */
export const reductionCases = [
  { shapes: 'any' },
  { shapes: [['m', 'n']], attributes: { axes: 0 } },
  { shapes: [['m', 'n']], attributes: { axes: -1, keepDims: true } },
  { shapes: [['l', 'm', 'n']], attributes: { axes: [0, 2] } },
  { shapes: [['l', 'm', 'n']], attributes: { axes: [0, 2], keepDims: true } },
  { shapes: [['l', 'm', 'n']], attributes: { axes: 1 } },
] as const;

/** Something of the reduced shape, stretched back over `shape`. */
export function expandReduced(g: Tensor, shape: Shape, { axes }: Reduction): Tensor {
  return broadcastTo(reshape(g, { shape: reducedShape(shape, axes, true) }), { shape });
}

/**
 * The sum over axes, all of them by default: [l, m, n] over axis 1 gives [l, n], or [l, 1, n] with `keepDims`. 0 for the sum
 * of nothing. Partial sums are added in pairs, so that the rounding error grows with the logarithm of the count.
 * @throws ShapeError for an axis out of range or given twice.
 */
export const sum: OpFunction<1, ReduceOptions> = defineOp({
  ...reducing,
  name: 'sum',
  doc: 'The sum over axes.',
  forward: (out, [x], { axes }) =>
    forEachRow(x, axes, (row, i) => {
      out.data[i] = sumTree(row);
    }),
  kernels: { wasm: fastSum },
  saves: [],
  vjp: [(g, { shapes: [shape], attributes }) => expandReduced(g, shape, attributes)],
  domain: { cases: reductionCases },
});

const countOver = (shape: Shape, axes: readonly number[]): number => sizeOf(axes.map((axis) => shape[axis]));

/**
 * The mean over axes, all of them by default; shapes as in {@link sum}. NaN for the mean of nothing.
 * @throws ShapeError for an axis out of range or given twice.
 */
export const mean: OpFunction<1, ReduceOptions> = defineOp<1, ReduceOptions, Reduction>({
  ...reducing,
  name: 'mean',
  doc: 'The sum over axes divided by the number of elements; NaN for the mean of nothing.',
  forward: (out, [x], { axes }) =>
    forEachRow(x, axes, (row, i) => {
      out.data[i] = sumTree(row) / row.length;
    }),
  kernels: { wasm: fastMean },
  saves: [],
  vjp: [
    (g, { shapes: [shape], attributes }) =>
      expandReduced(div(g, countOver(shape, attributes.axes)), shape, attributes),
  ],
  domain: {
    cases: [
      { shapes: [['m', 'n']] },
      { shapes: [['m', 'n']], attributes: { axes: 0 } },
      { shapes: [['m', 'n']], attributes: { axes: -1, keepDims: true } },
      { shapes: [['l', 'm', 'n']], attributes: { axes: [0, 2] } },
      { shapes: [[]] },
    ],
  },
});
