import { allocate, type TensorData } from '../dtype.js';
import type { ScalarFunction2 } from '../math/index.js';
import type { Tensor } from '../tensor.js';
import { stretchInto } from './strided.js';

/** Fills a freshly allocated `out` from the inputs. The plain TypeScript kernels define every number. */
export type Kernel<Attributes = unknown> = (
  out: Tensor,
  inputs: readonly Tensor[],
  attributes: Attributes,
) => void;

/**
 * y[i] = f(x[i]) for all of y.
 *
 * In a loop over several operands, one that is as large as y has the mask -1 (all bits), and a single number the mask
 * 0: the element that goes with y[i] is a[i & mask].
 */
export type Loop1<A = unknown> = (y: TensorData, x: TensorData, attributes: A) => void;

/** y[i] = f(a[i & s], b[i & t]) for all of y; see {@link Loop1}. */
export type Loop2 = (y: TensorData, a: TensorData, s: number, b: TensorData, t: number) => void;

/** y[i] = f(a[i & s], b[i & t], c[i & u]) for all of y; see {@link Loop1}. */
export type Loop3 = (
  y: TensorData,
  a: TensorData,
  s: number,
  b: TensorData,
  t: number,
  c: TensorData,
  u: number,
) => void;

/** The mask that goes with the data of an operand. */
const maskOf = (x: TensorData): number => (x.length === 1 ? 0 : -1);

/** The data of an operand if it is one number or as large as `out`, else stretched to that size. */
function operandData(x: Tensor, out: Tensor): TensorData {
  // Operands broadcast to the output, so equal sizes mean an equal layout: only leading 1s can differ.
  if (x.size === out.size || x.size === 1) return x.data;
  const data = allocate(out.dtype, out.size);
  stretchInto(data, out.shape, x);
  return data;
}

/** The elementwise kernel of a loop over one operand. */
export function zip1<A>(f32: Loop1<A>, f64: Loop1<A> = f32): Kernel<A> {
  return (out, [x], attributes) => (out.dtype === 'float32' ? f32 : f64)(out.data, x.data, attributes);
}

/** The elementwise kernel of a loop over two operands, with broadcasting. */
export function zip2(f32: Loop2, f64: Loop2 = f32): Kernel {
  return (out, inputs) => {
    const a = operandData(inputs[0], out);
    const b = operandData(inputs[1], out);
    (out.dtype === 'float32' ? f32 : f64)(out.data, a, maskOf(a), b, maskOf(b));
  };
}

/** The elementwise kernel of a loop over three operands, with broadcasting. */
export function zip3(f32: Loop3, f64: Loop3 = f32): Kernel {
  return (out, inputs) => {
    const a = operandData(inputs[0], out);
    const b = operandData(inputs[1], out);
    const c = operandData(inputs[2], out);
    (out.dtype === 'float32' ? f32 : f64)(out.data, a, maskOf(a), b, maskOf(b), c, maskOf(c));
  };
}

const calling1 =
  <A>(f: (x: number, attributes: A) => number): Loop1<A> =>
  (y, x, attributes) => {
    const n = y.length;
    for (let i = 0; i < n; i++) y[i] = f(x[i], attributes);
  };

const calling2 =
  (f: (a: number, b: number) => number): Loop2 =>
  (y, a, s, b, t) => {
    const n = y.length;
    for (let i = 0; i < n; i++) y[i] = f(a[i & s], b[i & t]);
  };

const calling3 =
  (f: (a: number, b: number, c: number) => number): Loop3 =>
  (y, a, s, b, t, c, u) => {
    const n = y.length;
    for (let i = 0; i < n; i++) y[i] = f(a[i & s], b[i & t], c[i & u]);
  };

/** A function of one number and attributes, as defined for each dtype. */
export interface ScalarFunctionWith<A> {
  readonly f32: (x: number, attributes: A) => number;
  readonly f64: (x: number, attributes: A) => number;
}

/** A function of three numbers, as defined for each dtype. */
export interface ScalarFunction3 {
  readonly f32: (a: number, b: number, c: number) => number;
  readonly f64: (a: number, b: number, c: number) => number;
}

/**
 * out = f(x), elementwise. A single function serves both dtypes when it is one IEEE operation: rounding the
 * float64 result of one +, -, *, / or sqrt of float32 numbers gives the float32 result exactly
 * (Figueroa, "When is double rounding innocuous?", 1995).
 */
export function map1<A>(f: ScalarFunctionWith<A> | ((x: number, attributes: A) => number)): Kernel<A> {
  return typeof f === 'function' ? zip1(calling1(f)) : zip1(calling1(f.f32), calling1(f.f64));
}

/** out = f(a, b), elementwise with broadcasting; see {@link map1} for when one function serves both dtypes. */
export function map2(f: ScalarFunction2 | ((a: number, b: number) => number)): Kernel {
  return typeof f === 'function' ? zip2(calling2(f)) : zip2(calling2(f.f32), calling2(f.f64));
}

/** out = f(a, b, c), elementwise with broadcasting. */
export function map3(f: ScalarFunction3 | ((a: number, b: number, c: number) => number)): Kernel {
  return typeof f === 'function' ? zip3(calling3(f)) : zip3(calling3(f.f32), calling3(f.f64));
}
