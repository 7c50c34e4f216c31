import { clip, describeValue } from './describe.js';
import { ShapeError } from './errors.js';

/** Sizes of the dimensions, outermost first; `[]` is a scalar, a size of 0 makes an empty tensor. */
export type Shape = readonly number[];

/** `[2, 3]`, as it is written in every message. */
export const formatShape = (shape: Shape): string => clip(`[${shape.join(', ')}]`);

/** Number of elements; 1 for a scalar. */
export function sizeOf(shape: Shape): number {
  let size = 1;
  for (let i = 0; i < shape.length; i++) size *= shape[i];
  return size;
}

/** @throws ShapeError unless `shape` is a list of non-negative integers. */
export function checkShape(shape: Shape, who: string): void {
  if (!Array.isArray(shape)) {
    throw new ShapeError(`${who}: the shape is ${describeValue(shape)}; give a list of sizes, as in [2, 3]`);
  }
  for (let i = 0; i < shape.length; i++) {
    if (Number.isSafeInteger(shape[i]) && shape[i] >= 0) continue;
    const sizes = shape.map((n: unknown) => (typeof n === 'number' ? n : describeValue(n)));
    throw new ShapeError(
      `${who}: a dimension must be a non-negative integer, but the shape is ${clip(`[${sizes.join(', ')}]`)}`,
    );
  }
}

/** The number of elements of a shape from anywhere, in one pass. @throws ShapeError unless it is one. */
export function checkedSize(shape: Shape, who: string): number {
  let size = 1;
  let valid = Array.isArray(shape);
  for (let i = 0; valid && i < shape.length; i++) {
    const n = shape[i];
    valid = n >>> 0 === n;
    size *= n;
  }
  if (valid) return size;
  checkShape(shape, who);
  return sizeOf(shape);
}

export function sameShape(a: Shape, b: Shape): boolean {
  if (a === b) return true;
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

/** Row-major strides, in elements. */
export function stridesOf(shape: Shape): number[] {
  const strides = new Array<number>(shape.length);
  let stride = 1;
  for (let i = shape.length - 1; i >= 0; i--) {
    strides[i] = stride;
    stride *= shape[i];
  }
  return strides;
}

/**
 * The shape two operands share under NumPy's rule: aligned at the last dimension, a size of 1 stretches.
 * @throws ShapeError when two sizes differ and neither is 1.
 */
export function broadcastShapes(a: Shape, b: Shape, who: string): Shape {
  if (sameShape(a, b)) return a;
  const rank = Math.max(a.length, b.length);
  const out = new Array<number>(rank);
  for (let i = 1; i <= rank; i++) {
    const m = i <= a.length ? a[a.length - i] : 1;
    const n = i <= b.length ? b[b.length - i] : 1;
    if (m !== n && m !== 1 && n !== 1) {
      throw new ShapeError(
        `${who}: ${formatShape(a)} and ${formatShape(b)} do not broadcast: ` +
          `dimension -${i} is ${m} on the left and ${n} on the right; sizes must be equal, or one of them 1`,
      );
    }
    out[rank - i] = m === 1 ? n : m;
  }
  return out;
}

/**
 * Strides that walk a tensor of `shape` as if it had the larger shape `to`: 0 where it is stretched.
 * `shape` must broadcast to `to`.
 */
export function broadcastStrides(shape: Shape, to: Shape): number[] {
  const own = stridesOf(shape);
  const lead = to.length - shape.length;
  return to.map((_, i) => (i < lead || shape[i - lead] === 1 ? 0 : own[i - lead]));
}

/** An axis in 0..rank-1; negative axes count from the end. @throws ShapeError when out of range. */
export function normalizeAxis(axis: number, rank: number, who: string): number {
  const resolved = axis < 0 ? axis + rank : axis;
  if (!Number.isInteger(axis) || resolved < 0 || resolved >= rank) {
    const range = rank === 0 ? 'a scalar has no axes' : `axes run from ${-rank} to ${rank - 1}`;
    throw new ShapeError(`${who}: axis ${axis} is out of range for rank ${rank}; ${range}`);
  }
  return resolved;
}

/** Axes in increasing order; all of them when none are given. @throws ShapeError on one out of range or given twice. */
export function normalizeAxes(axes: number | Shape | undefined, rank: number, who: string): number[] {
  if (axes === undefined) return Array.from({ length: rank }, (_, i) => i);
  const list = typeof axes === 'number' ? [axes] : axes;
  const resolved = list.map((axis) => normalizeAxis(axis, rank, who)).sort((a, b) => a - b);
  for (let i = 1; i < resolved.length; i++) {
    if (resolved[i] === resolved[i - 1]) {
      throw new ShapeError(`${who}: axis ${resolved[i]} is given twice in ${formatShape(list)}`);
    }
  }
  return resolved;
}

/** The shape after reducing over `axes` (normalized). */
export function reducedShape(shape: Shape, axes: readonly number[], keepDims: boolean): Shape {
  if (keepDims) return shape.map((n, i) => (axes.includes(i) ? 1 : n));
  return shape.filter((_, i) => !axes.includes(i));
}
