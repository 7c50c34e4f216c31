import type { TensorData } from '../dtype.js';
import { broadcastStrides, type Shape } from '../shape.js';
import type { Tensor } from '../tensor.js';

/**
 * Calls `visit` with the output offset and one offset per operand, in row-major order of `shape`.
 * `strides[k]` walks operand k, 0 where it is stretched.
 */
export function walk(
  shape: Shape,
  strides: readonly (readonly number[])[],
  visit: (at: number, offsets: readonly number[]) => void,
): void {
  const rank = shape.length;
  const index = new Array<number>(rank).fill(0);
  const offsets = strides.map(() => 0);
  let size = 1;
  for (const n of shape) size *= n;
  for (let at = 0; at < size; at++) {
    visit(at, offsets);
    for (let d = rank - 1; d >= 0; d--) {
      index[d]++;
      for (let k = 0; k < strides.length; k++) offsets[k] += strides[k][d];
      if (index[d] < shape[d]) break;
      for (let k = 0; k < strides.length; k++) offsets[k] -= strides[k][d] * shape[d];
      index[d] = 0;
    }
  }
}

/** y = x, stretched to `shape`: `shape` is that of y, and x broadcasts to it. */
export function stretchInto(y: TensorData, shape: Shape, x: Tensor): void {
  const strides = broadcastStrides(x.shape, shape);
  // Inner dimensions together, as far as x goes along in all of them (step 1) or repeats in all of them (step 0).
  let outer = shape.length;
  let step = 0;
  let length = 1;
  for (; outer > 0; outer--) {
    const d = outer - 1;
    if (length === 1) step = strides[d];
    else if (shape[d] !== 1 && strides[d] !== step * length) break;
    length *= shape[d];
  }
  const xs: TensorData = x.data;
  const along = -step;
  walk(shape.slice(0, outer), [strides.slice(0, outer)], (run, [from]) => {
    const at = run * length;
    for (let i = 0; i < length; i++) y[at + i] = xs[from + (i & along)];
  });
}
