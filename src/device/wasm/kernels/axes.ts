import { stridedCopy } from '../../../tensor/kernels/strided.js';
import { type Shape, sizeOf, stridesOf } from '../../../tensor/shape.js';
import type { Tensor } from '../../../tensor/tensor.js';
import type { Runtime } from '../runtime.js';
import { FLOAT } from '../sizes.js';
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

/** Numbers that are reordered at a time, or one slice of an axis if that has more: a core's cache holds them. */
const REORDERED = 2 ** 17;

/**
 * Calls `reduce` with where a reduction finds its elements, as the middle of [outer, length, inner], and how many results come before:
 * once, or, where axes are apart, for one reordered part after another.
 */
export function eachMiddle(
  runtime: Runtime,
  x: Tensor,
  axes: readonly number[],
  reduce: (from: number, middle: Middle, before: number) => void,
): void {
  const { shape, size } = x;
  const middle = asMiddle(shape, axes);
  const from = runtime.operand(x);
  if (middle !== undefined) {
    reduce(from, middle, 0);
    return;
  }
  const order = reducedLast(x, axes);
  const axis = order.find((d) => shape[d] > 1) ?? 0;
  const strides = stridesOf(shape);
  const slice = size / shape[axis];
  const length = sizeOf(axes.map((d) => shape[d]));
  const step = Math.max(1, Math.floor(REORDERED / slice));
  for (let start = 0; start < shape[axis]; start += step) {
    const part = order.map((d) => (d === axis ? Math.min(step, shape[axis] - start) : shape[d]));
    const reordered = stridedCopy(
      part,
      order.map((d) => strides[d]),
      stridesOf(part),
    );
    const outer = sizeOf(part) / length;
    runtime.scoped(() => {
      const rows = runtime.reserve(outer * length);
      runCopy(runtime, from + start * strides[axis] * FLOAT, rows, reordered);
      reduce(rows, { outer, length, inner: 1 }, (start * slice) / length);
    });
  }
}
