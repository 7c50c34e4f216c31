import { allocate, type DType, type TensorData } from '../tensor/dtype.js';
import { maskOf } from '../tensor/kernels/elementwise.js';
import type { ScalarFunction, ScalarFunction2 } from '../tensor/math/scalar-function.js';

/**
 * y[i] = f(a[i & s], b[i & t], c[i & u]) for the first n elements of y. An operand as large as y has the mask -1 (all bits), a
 * single number the mask 0. Functions of fewer operands leave the rest out.
 */
export type Loop = (
  y: TensorData,
  n: number,
  a: TensorData,
  s: number,
  b: TensorData,
  t: number,
  c: TensorData,
  u: number,
) => void;

/** A loop for each dtype; storing in `y` is what rounds. */
export type Loops = Readonly<Record<DType, Loop>>;

/** An elementwise function that is not made of others: what bodies are written in. */
export interface Primitive {
  readonly name: string;
  readonly arity: 1 | 2 | 3;
  /** Its plain definition. */
  readonly plain: Loops;
  /** How a formula writes it: an operator such as '+', or the name of a function. */
  readonly symbol: string;
}

/**
 * One loop for both dtypes, for a single IEEE operation: rounding the float64 result of one +, -, *, / or sqrt of float32
 * numbers gives the float32 result exactly (Figueroa, "When is double rounding innocuous?", 1995).
 *
 * The loops of such operations are spelled out. They take less time than a function call, which an engine cannot put into a
 * loop that many functions share.
 */
export const exactly = (loop: Loop): Loops => ({ float32: loop, float64: loop });

const calling1 =
  (f: (x: number) => number): Loop =>
  (y, n, a, s) => {
    for (let i = 0; i < n; i++) y[i] = f(a[i & s]);
  };

const calling2 =
  (f: (a: number, b: number) => number): Loop =>
  (y, n, a, s, b, t) => {
    for (let i = 0; i < n; i++) y[i] = f(a[i & s], b[i & t]);
  };

/** The loops of a function of one number. */
export const loops1 = ({ f32, f64 }: ScalarFunction): Loops => ({
  float32: calling1(f32),
  float64: calling1(f64),
});

/** The loops of a function of two numbers. */
export const loops2 = ({ f32, f64 }: ScalarFunction2): Loops => ({
  float32: calling2(f32),
  float64: calling2(f64),
});

/** Runs a primitive on the first n elements of its operands. */
export function runLoop(loop: Loop, y: TensorData, n: number, operands: readonly TensorData[]): void {
  const a = operands[0];
  const b = operands.length > 1 ? operands[1] : a;
  const c = operands.length > 2 ? operands[2] : a;
  loop(y, n, a, maskOf(a), b, maskOf(b), c, maskOf(c));
}

/** The value of a primitive for single numbers, rounded to the dtype. */
export function evaluatePrimitive({ plain }: Primitive, operands: readonly number[], dtype: DType): number {
  const at = (x: number): TensorData => allocate(dtype, 1).fill(x);
  const y = at(0);
  runLoop(plain[dtype], y, 1, operands.map(at));
  return y[0];
}
