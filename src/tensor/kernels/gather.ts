import type { Tensor } from '../tensor.js';
import { around } from './layout.js';
import { copyRun } from './strided.js';

/** Parts of a tensor along an axis, by their indices. */
export interface Selection {
  readonly indices: ArrayLike<number>;
  readonly axis: number;
}

/** out[.., i, ..] = x[.., indices[i], ..] along an axis. */
export function gatherKernel(out: Tensor, [x]: readonly Tensor[], { indices, axis }: Selection): void {
  const [outer, n, inner] = around(x.shape, axis);
  const [from, to] = [x.data, out.data];
  for (let o = 0, at = 0; o < outer; o++) {
    for (let i = 0; i < indices.length; i++, at += inner) {
      copyRun(to, at, from, (o * n + indices[i]) * inner, inner);
    }
  }
}

/** out[.., indices[i], ..] += x[.., i, ..] along an axis, in order of i. */
export function scatterAddKernel(out: Tensor, [x]: readonly Tensor[], { indices, axis }: Selection): void {
  const [outer, n, inner] = around(out.shape, axis);
  const [from, to] = [x.data, out.data];
  let at = 0;
  for (let o = 0; o < outer; o++) {
    for (let i = 0; i < indices.length; i++) {
      const start = (o * n + indices[i]) * inner;
      for (let j = 0; j < inner; j++) to[start + j] += from[at++];
    }
  }
}
