import type { Shape } from '../../shape.js';
import type { Tensor } from '../../tensor.js';
import type { FastKernel } from '../fast-kernel.js';
import type { Runtime } from '../runtime.js';
import { scratchFor, sumColumns, sumRows } from './sum-code.js';

/** Below this the call and the copies cost more than the loop. */
const SMALLEST = 256;
/** Addresses are compared as signed integers; this keeps them, and the scratch memory, far from the limit. */
const LARGEST = 2 ** 26;

/** The axes in the attributes of a reduction. */
function axesOf(attributes: unknown): readonly number[] | undefined {
  if (typeof attributes !== 'object' || attributes === null || !('axes' in attributes)) return undefined;
  const { axes } = attributes;
  return Array.isArray(axes) && axes.every((axis) => typeof axis === 'number') ? axes : undefined;
}

/** A reduction as one over the rows or the columns of a matrix; undefined when it is neither. */
function asMatrix(shape: Shape, axes: readonly number[]) {
  // Dimensions of size 1 change nothing.
  const dimensions = shape
    .map((size, i) => ({ size, over: axes.includes(i) }))
    .filter(({ size }) => size !== 1);
  const product = (over: boolean) =>
    dimensions.reduce((total, d) => (d.over === over ? total * d.size : total), 1);
  const kept = product(false);
  const length = product(true);
  const after = (over: boolean) =>
    dimensions.every((d, i) => i === 0 || d.over === over || dimensions[i - 1].over !== over);
  // All that is summed over comes after all that is kept: each row is contiguous.
  if (after(true)) return { kernel: sumRows, rows: kept, columns: length, length };
  if (after(false)) return { kernel: sumColumns, rows: length, columns: kept, length };
  return undefined;
}

/** Sums `x` into `out`; the number of elements behind each sum, or 0 when this is not for the fast way. */
function sumInto(runtime: Runtime, out: Tensor, x: Tensor, attributes: unknown): number {
  if (x.size < SMALLEST || x.size > LARGEST) return 0;
  const axes = axesOf(attributes);
  const matrix = axes && asMatrix(x.shape, axes);
  if (!matrix) return 0;
  const { kernel, rows, columns, length } = matrix;
  const from = runtime.operand(x);
  const to = runtime.result(out);
  runtime.run(kernel, from, to, rows, columns, runtime.reserve(scratchFor(length)));
  runtime.finish(out, to);
  return length;
}

/** The sum over leading, trailing or all axes, with the bits of `sumTree`. */
export const fastSum: FastKernel = {
  op: 'sum',
  run: (runtime, out, [x], attributes) => sumInto(runtime, out, x, attributes) > 0,
};

/** The mean over the same axes: the sum, divided by the number of elements. */
export const fastMean: FastKernel = {
  op: 'mean',
  run(runtime, out, [x], attributes) {
    const count = sumInto(runtime, out, x, attributes);
    for (let i = 0; i < (count > 0 ? out.size : 0); i++) out.data[i] /= count;
    return count > 0;
  },
};

/** Fast kernels of reductions. */
export const reductionKernels: readonly FastKernel[] = [fastSum, fastMean];
