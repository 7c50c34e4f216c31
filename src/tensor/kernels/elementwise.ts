import type { TensorData } from '../dtype.js';
import type { ScalarFunction2 } from '../math/index.js';
import { broadcastStrides, type Shape, sameShape } from '../shape.js';
import type { Tensor } from '../tensor.js';

/** Fills a freshly allocated `out` from the inputs. The plain TypeScript kernels define every number. */
export type Kernel<Attributes = unknown> = (
  out: Tensor,
  inputs: readonly Tensor[],
  attributes: Attributes,
) => void;

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

/** A function of one number and attributes, as defined for each dtype. */
export interface ScalarFunctionWith<A> {
  readonly f32: (x: number, attributes: A) => number;
  readonly f64: (x: number, attributes: A) => number;
}

/**
 * out = f(x), elementwise. A single function serves both dtypes when it is one IEEE operation: rounding the
 * float64 result of one +, -, *, / or sqrt of float32 numbers gives the float32 result exactly
 * (Figueroa, "When is double rounding innocuous?", 1995).
 */
export function map1<A>(f: ScalarFunctionWith<A> | ((x: number, attributes: A) => number)): Kernel<A> {
  return (out, [x], attributes) => {
    const g = typeof f === 'function' ? f : out.dtype === 'float32' ? f.f32 : f.f64;
    const y: TensorData = out.data;
    const xs: TensorData = x.data;
    for (let i = 0; i < y.length; i++) y[i] = g(xs[i], attributes);
  };
}

/** out = f(a, b), elementwise with broadcasting; see {@link map1} for when one function serves both dtypes. */
export function map2(f: ScalarFunction2 | ((a: number, b: number) => number)): Kernel {
  return (out, [a, b]) => {
    const g = typeof f === 'function' ? f : out.dtype === 'float32' ? f.f32 : f.f64;
    const y: TensorData = out.data;
    const as: TensorData = a.data;
    const bs: TensorData = b.data;
    if (sameShape(a.shape, b.shape)) {
      for (let i = 0; i < y.length; i++) y[i] = g(as[i], bs[i]);
    } else if (b.size === 1 && sameShape(a.shape, out.shape)) {
      for (let i = 0; i < y.length; i++) y[i] = g(as[i], bs[0]);
    } else if (a.size === 1 && sameShape(b.shape, out.shape)) {
      for (let i = 0; i < y.length; i++) y[i] = g(as[0], bs[i]);
    } else {
      const strides = [broadcastStrides(a.shape, out.shape), broadcastStrides(b.shape, out.shape)];
      walk(out.shape, strides, (at, [p, q]) => {
        y[at] = g(as[p], bs[q]);
      });
    }
  };
}

/** A function of three numbers, as defined for each dtype. */
export interface ScalarFunction3 {
  readonly f32: (a: number, b: number, c: number) => number;
  readonly f64: (a: number, b: number, c: number) => number;
}

/** out = f(a, b, c), elementwise with broadcasting. */
export function map3(f: ScalarFunction3 | ((a: number, b: number, c: number) => number)): Kernel {
  return (out, [a, b, c]) => {
    const g = typeof f === 'function' ? f : out.dtype === 'float32' ? f.f32 : f.f64;
    if (sameShape(a.shape, b.shape) && sameShape(b.shape, c.shape)) {
      for (let i = 0; i < out.data.length; i++) out.data[i] = g(a.data[i], b.data[i], c.data[i]);
      return;
    }
    const strides = [a, b, c].map((t) => broadcastStrides(t.shape, out.shape));
    walk(out.shape, strides, (at, [p, q, r]) => {
      out.data[at] = g(a.data[p], b.data[q], c.data[r]);
    });
  };
}
