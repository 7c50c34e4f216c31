import { allocate, type TensorData } from '../dtype.js';
import type { ScalarFunction2 } from '../math/index.js';
import type { Tensor } from '../tensor.js';
import { stretchInto } from './strided.js';

/** Fills a zero-filled `out` from the inputs. The plain TypeScript kernels define every number. */
export type Kernel<Attributes = unknown> = (
  out: Tensor,
  inputs: readonly Tensor[],
  attributes: Attributes,
) => void;

/** The elements of an operand if it is one number or as large as `out`, else stretched to that size. */
export function operandData(x: Tensor, out: Tensor): TensorData {
  // Operands broadcast to the output, so equal sizes mean an equal layout: only leading 1s can differ.
  if (x.size === out.size || x.size === 1) return x.data;
  const data = allocate(out.dtype, out.size);
  stretchInto(data, out.shape, x);
  return data;
}

/** What the index into an operand is combined with: all bits for one as large as the result, none for a single number. */
export const maskOf = (x: TensorData): number => (x.length === 1 ? 0 : -1);

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

const byDType = <F>(f: { readonly f32: F; readonly f64: F } | F, out: Tensor): F => {
  if (typeof f === 'object' && f !== null && 'f32' in f) return out.dtype === 'float32' ? f.f32 : f.f64;
  return f;
};

/**
 * out = f(x), elementwise. A single function serves both dtypes when it is one IEEE operation; anything longer has a float32
 * form that rounds after each operation. An op of elementwise ops is better given as a body, which has a fast path.
 */
export function map1<A>(f: ScalarFunctionWith<A> | ((x: number, attributes: A) => number)): Kernel<A> {
  return (out, [x], attributes) => {
    const g = byDType<(x: number, attributes: A) => number>(f, out);
    const [y, from] = [out.data, x.data];
    for (let i = 0; i < y.length; i++) y[i] = g(from[i], attributes);
  };
}

/** out = f(a, b), elementwise with broadcasting; see {@link map1} for when one function serves both dtypes. */
export function map2(f: ScalarFunction2 | ((a: number, b: number) => number)): Kernel {
  return (out, inputs) => {
    const g = byDType<(a: number, b: number) => number>(f, out);
    const [a, b] = inputs.map((x) => operandData(x, out));
    const [s, t] = [a, b].map(maskOf);
    const y = out.data;
    for (let i = 0; i < y.length; i++) y[i] = g(a[i & s], b[i & t]);
  };
}

/** out = f(a, b, c), elementwise with broadcasting. */
export function map3(f: ScalarFunction3 | ((a: number, b: number, c: number) => number)): Kernel {
  return (out, inputs) => {
    const g = byDType<(a: number, b: number, c: number) => number>(f, out);
    const [a, b, c] = inputs.map((x) => operandData(x, out));
    const [s, t, u] = [a, b, c].map(maskOf);
    const y = out.data;
    for (let i = 0; i < y.length; i++) y[i] = g(a[i & s], b[i & t], c[i & u]);
  };
}
