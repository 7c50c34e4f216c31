import type { TensorData } from '../dtype.js';
import { broadcastStrides, type Shape, stridesOf } from '../shape.js';
import type { Tensor } from '../tensor.js';

/** One dimension of a strided copy: its size, and the steps along it in the source and in the target, in elements. */
export interface Dimension {
  readonly size: number;
  readonly from: number;
  readonly to: number;
}

/** A copy between two arrays: where it begins in each, in elements, and its dimensions, outermost first. */
export interface StridedCopy {
  readonly from: number;
  readonly to: number;
  readonly dimensions: readonly Dimension[];
}

/** How many elements a copy moves. */
export const copySize = ({ dimensions }: StridedCopy): number =>
  dimensions.reduce((size, dimension) => size * dimension.size, 1);

/**
 * A copy of `shape` with a step for each dimension. Dimensions of size 1 are dropped, and neighbours that are walked as one
 * are merged: what is contiguous in both arrays becomes one dimension.
 */
export function stridedCopy(
  shape: Shape,
  from: readonly number[],
  to: readonly number[],
  start: { readonly from?: number; readonly to?: number } = {},
): StridedCopy {
  const dimensions: Dimension[] = [];
  shape.forEach((size, d) => {
    if (size === 1) return;
    const outer = dimensions.at(-1);
    if (outer?.from === from[d] * size && outer.to === to[d] * size) {
      dimensions[dimensions.length - 1] = { size: outer.size * size, from: from[d], to: to[d] };
    } else dimensions.push({ size, from: from[d], to: to[d] });
  });
  return { from: start.from ?? 0, to: start.to ?? 0, dimensions };
}

/** Stretches an array of `shape` over the larger shape `to`. */
export const broadcastCopy = (shape: Shape, to: Shape): StridedCopy =>
  stridedCopy(to, broadcastStrides(shape, to), stridesOf(to));

/** Reorders an array of `shape`: dimension i of the result is dimension axes[i]. */
export function transposeCopy(shape: Shape, axes: readonly number[]): StridedCopy {
  const strides = stridesOf(shape);
  const result = axes.map((axis) => shape[axis]);
  return stridedCopy(
    result,
    axes.map((axis) => strides[axis]),
    stridesOf(result),
  );
}

/** Whether a copy changes no order: it moves one contiguous run to another. */
export const isIdentity = ({ dimensions }: StridedCopy): boolean =>
  dimensions.length === 0 || (dimensions.length === 1 && dimensions[0].from === 1 && dimensions[0].to === 1);

/** The same elements in the other direction. */
export const reversed = ({ from, to, dimensions }: StridedCopy): StridedCopy => ({
  from: to,
  to: from,
  dimensions: dimensions.map((d) => ({ size: d.size, from: d.to, to: d.from })),
});

/** Runs shorter than this are copied element by element. */
const SHORT = 32;

/** Copies `count` contiguous elements. */
export function copyRun(y: TensorData, to: number, x: TensorData, from: number, count: number): void {
  if (count >= SHORT) y.set(x.subarray(from, from + count), to);
  else for (let i = 0; i < count; i++) y[to + i] = x[from + i];
}

/** Copies elements of `x` to `y`; it may begin elsewhere than the copy says. */
export function copyStrided(
  y: TensorData,
  x: TensorData,
  { dimensions, from: start, to: target }: StridedCopy,
  from = start,
  to = target,
): void {
  copyInner(y, x, dimensions, 0, from, to);
}

function copyInner(
  y: TensorData,
  x: TensorData,
  dimensions: readonly Dimension[],
  d: number,
  from: number,
  to: number,
): void {
  if (d === dimensions.length) {
    y[to] = x[from];
    return;
  }
  const { size, from: step, to: stride } = dimensions[d];
  if (d + 1 < dimensions.length) {
    for (let i = 0; i < size; i++) copyInner(y, x, dimensions, d + 1, from + i * step, to + i * stride);
  } else if (step === 1 && stride === 1) {
    copyRun(y, to, x, from, size);
  } else {
    for (let i = 0; i < size; i++) y[to + i * stride] = x[from + i * step];
  }
}

/** y = x, stretched to `shape`: `shape` is that of y, and x broadcasts to it. */
export const stretchInto = (y: TensorData, shape: Shape, x: Tensor): void =>
  copyStrided(y, x.data, broadcastCopy(x.shape, shape));
