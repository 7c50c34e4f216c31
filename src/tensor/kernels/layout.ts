import { type Shape, sizeOf, stridesOf } from '../shape.js';
import type { Tensor } from '../tensor.js';
import { stretchInto, walk } from './walk.js';

/** out = x, stretched to the shape of out. */
export function broadcastKernel(out: Tensor, [x]: readonly Tensor[]): void {
  stretchInto(out.data, out.shape, x);
}

/** out dimension i is dimension axes[i] of x. */
export function transposeKernel(
  out: Tensor,
  [x]: readonly Tensor[],
  { axes }: { readonly axes: readonly number[] },
): void {
  const strides = stridesOf(x.shape);
  walk(out.shape, [axes.map((axis) => strides[axis])], (at, [from]) => {
    out.data[at] = x.data[from];
  });
}

/** A regular sub-array: start + i * step along each dimension. */
export interface Window {
  readonly start: readonly number[];
  readonly step: readonly number[];
}

/** Calls `visit` with each offset inside the window and the offset it has in the larger array of shape `outer`. */
function walkWindow(
  inner: Shape,
  outer: Shape,
  { start, step }: Window,
  visit: (inside: number, outside: number) => void,
): void {
  const strides = stridesOf(outer);
  const origin = start.reduce((sum, at, d) => sum + at * strides[d], 0);
  walk(inner, [strides.map((stride, d) => stride * step[d])], (at, [offset]) => visit(at, origin + offset));
}

/** out = x inside the window. */
export function sliceKernel(out: Tensor, [x]: readonly Tensor[], window: Window): void {
  walkWindow(out.shape, x.shape, window, (inside, outside) => {
    out.data[inside] = x.data[outside];
  });
}

/** out = x inside the window, zero elsewhere. */
export function unsliceKernel(out: Tensor, [x]: readonly Tensor[], window: Window): void {
  walkWindow(x.shape, out.shape, window, (inside, outside) => {
    out.data[outside] = x.data[inside];
  });
}

/** [outer, n, inner]: sizes before, at and after `axis`. */
function around(shape: Shape, axis: number): [outer: number, n: number, inner: number] {
  return [sizeOf(shape.slice(0, axis)), shape[axis], sizeOf(shape.slice(axis + 1))];
}

/** The inputs one after another along an axis. */
export function concatKernel(
  out: Tensor,
  inputs: readonly Tensor[],
  { axis }: { readonly axis: number },
): void {
  const [outer, , inner] = around(out.shape, axis);
  let at = 0;
  for (let o = 0; o < outer; o++) {
    for (const x of inputs) {
      const length = x.shape[axis] * inner;
      out.data.set(x.data.subarray(o * length, (o + 1) * length), at);
      at += length;
    }
  }
}

export interface Selection {
  readonly indices: readonly number[];
  readonly axis: number;
}

/** out[.., i, ..] = x[.., indices[i], ..] along an axis. */
export function gatherKernel(out: Tensor, [x]: readonly Tensor[], { indices, axis }: Selection): void {
  const [outer, n, inner] = around(x.shape, axis);
  for (let o = 0; o < outer; o++) {
    indices.forEach((index, i) => {
      const from = (o * n + index) * inner;
      out.data.set(x.data.subarray(from, from + inner), (o * indices.length + i) * inner);
    });
  }
}

/** out[.., indices[i], ..] += x[.., i, ..] along an axis, in order of i. */
export function scatterAddKernel(out: Tensor, [x]: readonly Tensor[], { indices, axis }: Selection): void {
  const [outer, n, inner] = around(out.shape, axis);
  for (let o = 0; o < outer; o++) {
    indices.forEach((index, i) => {
      const to = (o * n + index) * inner;
      const from = (o * indices.length + i) * inner;
      for (let j = 0; j < inner; j++) out.data[to + j] += x.data[from + j];
    });
  }
}
