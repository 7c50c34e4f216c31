import { transposeCopy } from '../../../tensor/kernels/strided.js';
import { type Shape, sizeOf } from '../../../tensor/shape.js';
import type { Tensor } from '../../../tensor/tensor.js';
import type { Runtime } from '../runtime.js';
import { runCopy } from './copy.js';

/** Addresses are compared as signed integers; this keeps them, and the scratch memory, far from the limit. */
export const LARGEST = 2 ** 26;

/** What a kernel over axes reads of an op's attributes. */
export interface OverAxes {
  readonly axes: readonly number[];
}

/** A reduction over the middle of [outer, length, inner]. */
export interface Middle {
  readonly outer: number;
  readonly length: number;
  readonly inner: number;
}

/** A reduction as one over the middle, where the axes stand next to each other; undefined where they do not. */
export function asMiddle(shape: Shape, axes: readonly number[]): Middle | undefined {
  let [outer, length, inner] = [1, 1, 1];
  let reached: 'outer' | 'length' | 'inner' = 'outer';
  for (let d = 0; d < shape.length; d++) {
    const size = shape[d];
    // Dimensions of size 1 change nothing.
    if (size === 1) continue;
    if (axes.includes(d)) {
      if (reached === 'inner') return undefined;
      reached = 'length';
      length *= size;
    } else if (reached === 'outer') outer *= size;
    else {
      reached = 'inner';
      inner *= size;
    }
  }
  return { outer, length, inner };
}

/** The axes that are kept, and after them those that are reduced. */
export const reducedLast = ({ rank }: Tensor, axes: readonly number[]): number[] => {
  const kept = Array.from({ length: rank }, (_, d) => d).filter((d) => !axes.includes(d));
  return [...kept, ...axes];
};

/** Where a reduction finds its elements, as the middle of [outer, length, inner]: in a reordered copy where axes are apart. */
export function placeMiddle(
  runtime: Runtime,
  x: Tensor,
  axes: readonly number[],
): Middle & { readonly from: number } {
  const middle = asMiddle(x.shape, axes);
  const from = runtime.operand(x);
  // Without an object spread: V8 keeps alive what one refers to.
  if (middle !== undefined) {
    return { outer: middle.outer, length: middle.length, inner: middle.inner, from };
  }
  const rows = runtime.reserve(x.size);
  runCopy(runtime, from, rows, transposeCopy(x.shape, reducedLast(x, axes)));
  const length = sizeOf(axes.map((axis) => x.shape[axis]));
  return { outer: x.size / length, length, inner: 1, from: rows };
}
