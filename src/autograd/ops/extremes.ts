import { fastMax, fastMin } from '../../device/wasm/kernels/extreme.js';
import type { TensorData } from '../../tensor/dtype.js';
import { ShapeError } from '../../tensor/errors.js';
import type { Kernel } from '../../tensor/kernels/elementwise.js';
import { forEachRow, indexOfMax, indexOfMin, maxOf, minOf } from '../../tensor/kernels/reduce.js';
import { formatShape, type Shape, sizeOf } from '../../tensor/shape.js';
import type { Tensor } from '../../tensor/tensor.js';
import { noGrad } from '../apply.js';
import { defineOp } from '../define-op.js';
import type { OpFunction, Saved } from '../op.js';
import { div, mul } from './arithmetic.js';
import { type AxesOptions, givenAxes, resolveAxis } from './axes.js';
import { equalTo } from './compare.js';
import {
  expandReduced,
  type ReduceOptions,
  type Reduction,
  reduced,
  reducing,
  reductionCases,
  sum,
} from './reduce.js';

/** Shape rule of reductions that choose an element. @throws ShapeError where there is none to choose from. */
function reducedToElements(shapes: readonly Shape[], attributes: Reduction, name: string): Shape {
  const shape = reduced(shapes, attributes);
  if (sizeOf(shape) > 0 && sizeOf(shapes[0]) === 0) {
    throw new ShapeError(
      `${name}: the axes ${formatShape(attributes.axes)} of ${formatShape(shapes[0])} hold no element`,
    );
  }
  return shape;
}

/** What max and min have in common: all but which element they choose. */
const choosing = {
  ...reducing,
  shape: reducedToElements,
  saves: ['inputs', 'output'],
  domain: { cases: reductionCases.slice(1), distinct: true },
} as const;

/** The gradient of a choice: the elements that equal the output share it evenly. */
function choiceGradient(g: Tensor, { x, y, attributes }: Saved<Reduction>): Tensor {
  const { axes } = attributes;
  const share = noGrad(() => {
    const chosen = equalTo(x, expandReduced(y, x.shape, attributes));
    return div(chosen, sum(chosen, { axes, keepDims: true }));
  });
  return mul(expandReduced(g, x.shape, attributes), share);
}

/**
 * The largest element over axes, all of them by default; shapes as in `sum`. NaN if any element is NaN. Elements that tie
 * share the gradient evenly.
 * @throws ShapeError for an axis out of range or given twice, and where there is no element to choose from.
 */
export const max: OpFunction<1, ReduceOptions> = defineOp<1, ReduceOptions, Reduction>({
  ...choosing,
  name: 'max',
  doc: 'The largest element over axes; NaN if any is; ties share the gradient evenly.',
  forward: (out, [x], { axes }) =>
    forEachRow(x, axes, (row, i) => {
      out.data[i] = maxOf(row);
    }),
  kernels: { wasm: fastMax },
  vjp: [choiceGradient],
});

/**
 * The smallest element over axes, all of them by default; shapes as in `sum`. NaN if any element is NaN. Elements that tie
 * share the gradient evenly.
 * @throws ShapeError for an axis out of range or given twice, and where there is no element to choose from.
 */
export const min: OpFunction<1, ReduceOptions> = defineOp<1, ReduceOptions, Reduction>({
  ...choosing,
  name: 'min',
  doc: 'The smallest element over axes; NaN if any is; ties share the gradient evenly.',
  forward: (out, [x], { axes }) =>
    forEachRow(x, axes, (row, i) => {
      out.data[i] = minOf(row);
    }),
  kernels: { wasm: fastMin },
  vjp: [choiceGradient],
});

/** Options of {@link argmax} and {@link argmin}. */
export interface ArgExtremeOptions extends AxesOptions {
  /** Keep the axis with size 1. Defaults to false. */
  readonly keepDims?: boolean;
}

/** One axis; all elements in row-major order where none is given. */
const oneOrAll = (given: ArgExtremeOptions | undefined, [x]: readonly Shape[], name: string): Reduction => ({
  axes: givenAxes(given, name) === undefined ? x.map((_, d) => d) : [resolveAxis(given, x.length, name)],
  keepDims: given?.keepDims ?? false,
});

/** The largest integer up to which float32 holds all. */
const MAX_EXACT = 2 ** 24;

const indices =
  (name: string, indexOf: (row: TensorData) => number): Kernel<Reduction> =>
  (out, [x], { axes }) =>
    forEachRow(x, axes, (row, i) => {
      const index = indexOf(row);
      if (out.dtype === 'float32' && index > MAX_EXACT) {
        throw new RangeError(
          `${name}: index ${index} has no exact float32 form; take it along an axis of at most 2^24 elements, or of a float64 tensor`,
        );
      }
      out.data[i] = index;
    });

const indexDomain = {
  cases: [
    { shapes: [['m', 'n']] },
    { shapes: [['m', 'n']], attributes: { axis: 0 } },
    { shapes: [['l', 'm', 'n']], attributes: { axis: -1, keepDims: true } },
    { shapes: [['l', 'm', 'n']], attributes: { axis: 1 } },
  ],
  distinct: true,
  derivative: 'none',
} as const;

/**
 * The index of the largest element along an axis, or in row-major order where no axis is given; of elements that tie the
 * first, and of the first NaN if there is one. [m, n] along axis 1 gives [m], or [m, 1] with `keepDims`. Indices are
 * numbers of the dtype of x; no gradient flows.
 * @example argmax(logits, { axis: -1 }) // the most likely class of each row
 * @throws ShapeError for an axis out of range, and where there is no element to choose from.
 */
export const argmax: OpFunction<1, ArgExtremeOptions> = defineOp({
  name: 'argmax',
  doc: 'The index of the largest element along an axis (of all elements by default), the first of those that tie; no gradient flows.',
  arity: 1,
  options: ['axis', 'axes', 'keepDims'],
  attributes: oneOrAll,
  shape: reducedToElements,
  forward: indices('argmax', indexOfMax),
  saves: [],
  vjp: ['constant'],
  domain: indexDomain,
});

/**
 * The index of the smallest element along an axis, or in row-major order where no axis is given; otherwise as
 * {@link argmax}.
 * @throws ShapeError for an axis out of range, and where there is no element to choose from.
 */
export const argmin: OpFunction<1, ArgExtremeOptions> = defineOp({
  name: 'argmin',
  doc: 'The index of the smallest element along an axis (of all elements by default), the first of those that tie; no gradient flows.',
  arity: 1,
  options: ['axis', 'axes', 'keepDims'],
  attributes: oneOrAll,
  shape: reducedToElements,
  forward: indices('argmin', indexOfMin),
  saves: [],
  vjp: ['constant'],
  domain: indexDomain,
});
