import type { Shape } from '../shape.js';

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
