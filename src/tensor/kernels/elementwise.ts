import type { TensorData } from '../dtype.js';
import type { ScalarFunction2 } from '../math/index.js';
import { broadcastStrides, type Shape } from '../shape.js';
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

/** `n` elements of the output from `at` on; `steps[k]` is 1 where operand k goes along, 0 where it repeats. */
type Run = (at: number, n: number, offsets: readonly number[], steps: readonly number[]) => void;

/**
 * Calls `visit` for stretches of the output, as long as they get, along which each operand either goes along or
 * repeats one element: the inner dimensions together, as far as none of the operands changes over.
 */
export function walkRuns(shape: Shape, operands: readonly Shape[], visit: Run): void {
  const strides = operands.map((own) => broadcastStrides(own, shape));
  let steps = operands.map(() => 0);
  let n = 1;
  let outer = shape.length;
  for (; outer > 0; outer--) {
    const d = outer - 1;
    if (shape[d] === 1) continue;
    if (n === 1) steps = strides.map((stride) => stride[d]);
    else if (strides.some((stride, k) => stride[d] !== steps[k] * n)) break;
    n *= shape[d];
  }
  walk(
    shape.slice(0, outer),
    strides.map((stride) => stride.slice(0, outer)),
    (run, offsets) => visit(run * n, n, offsets, steps),
  );
}

/** How a kernel goes through an operand along the whole output: 1, or 0 for a scalar; undefined when it needs runs. */
function stepOf(x: Tensor, out: Tensor): 0 | 1 | undefined {
  // Operands broadcast to the output, so equal sizes mean an equal layout: only leading 1s can differ.
  if (x.size === out.size) return 1;
  return x.size === 1 ? 0 : undefined;
}

/** y[i] = f(x[i]), for all of y. */
export type Loop1<A = unknown> = (y: TensorData, x: TensorData, attributes: A) => void;

/** y[at + i] = f(a[p + i * s], b[q + i * t]), for n values of i from 0 on. */
export type Loop2 = (
  y: TensorData,
  at: number,
  n: number,
  a: TensorData,
  p: number,
  s: number,
  b: TensorData,
  q: number,
  t: number,
) => void;

/** y[at + i] = f(a[p + i * s], b[q + i * t], c[r + i * u]), for n values of i from 0 on. */
export type Loop3 = (
  y: TensorData,
  at: number,
  n: number,
  a: TensorData,
  p: number,
  s: number,
  b: TensorData,
  q: number,
  t: number,
  c: TensorData,
  r: number,
  u: number,
) => void;

/** The elementwise kernel of a loop over one operand. */
export function zip1<A>(f32: Loop1<A>, f64: Loop1<A> = f32): Kernel<A> {
  return (out, [x], attributes) => (out.dtype === 'float32' ? f32 : f64)(out.data, x.data, attributes);
}

/** The elementwise kernel of a loop over two operands, with broadcasting. */
export function zip2(f32: Loop2, f64: Loop2 = f32): Kernel {
  return (out, [a, b]) => {
    const loop = out.dtype === 'float32' ? f32 : f64;
    const s = stepOf(a, out);
    const t = stepOf(b, out);
    if (s !== undefined && t !== undefined) loop(out.data, 0, out.size, a.data, 0, s, b.data, 0, t);
    else {
      walkRuns(out.shape, [a.shape, b.shape], (at, n, offsets, steps) =>
        loop(out.data, at, n, a.data, offsets[0], steps[0], b.data, offsets[1], steps[1]),
      );
    }
  };
}

/** The elementwise kernel of a loop over three operands, with broadcasting. */
export function zip3(f32: Loop3, f64: Loop3 = f32): Kernel {
  return (out, [a, b, c]) => {
    const loop = out.dtype === 'float32' ? f32 : f64;
    walkRuns(out.shape, [a.shape, b.shape, c.shape], (at, n, [p, q, r], [s, t, u]) =>
      loop(out.data, at, n, a.data, p, s, b.data, q, t, c.data, r, u),
    );
  };
}

type Scalar1<A> = (x: number, attributes: A) => number;
type Scalar2 = (a: number, b: number) => number;
type Scalar3 = (a: number, b: number, c: number) => number;

const calling1 =
  <A>(f: Scalar1<A>): Loop1<A> =>
  (y, x, attributes) => {
    for (let i = 0; i < y.length; i++) y[i] = f(x[i], attributes);
  };

const calling2 =
  (f: Scalar2): Loop2 =>
  (y, at, n, a, p, s, b, q, t) => {
    for (let i = 0; i < n; i++) y[at + i] = f(a[p + i * s], b[q + i * t]);
  };

const calling3 =
  (f: Scalar3): Loop3 =>
  (y, at, n, a, p, s, b, q, t, c, r, u) => {
    for (let i = 0; i < n; i++) y[at + i] = f(a[p + i * s], b[q + i * t], c[r + i * u]);
  };

/** A function of one number and attributes, as defined for each dtype. */
export interface ScalarFunctionWith<A> {
  readonly f32: Scalar1<A>;
  readonly f64: Scalar1<A>;
}

/** A function of three numbers, as defined for each dtype. */
export interface ScalarFunction3 {
  readonly f32: Scalar3;
  readonly f64: Scalar3;
}

/**
 * out = f(x), elementwise. A single function serves both dtypes when it is one IEEE operation: rounding the
 * float64 result of one +, -, *, / or sqrt of float32 numbers gives the float32 result exactly
 * (Figueroa, "When is double rounding innocuous?", 1995).
 */
export function map1<A>(f: ScalarFunctionWith<A> | Scalar1<A>): Kernel<A> {
  return typeof f === 'function' ? zip1(calling1(f)) : zip1(calling1(f.f32), calling1(f.f64));
}

/** out = f(a, b), elementwise with broadcasting; see {@link map1} for when one function serves both dtypes. */
export function map2(f: ScalarFunction2 | Scalar2): Kernel {
  return typeof f === 'function' ? zip2(calling2(f)) : zip2(calling2(f.f32), calling2(f.f64));
}

/** out = f(a, b, c), elementwise with broadcasting. */
export function map3(f: ScalarFunction3 | Scalar3): Kernel {
  return typeof f === 'function' ? zip3(calling3(f)) : zip3(calling3(f.f32), calling3(f.f64));
}
