/**
 * The functions that are evaluated in double and rounded once: the operations of expMinusOneDouble and logOnePlusDouble,
 * one for one and in their order, on two halves of a vector.
 */

import * as f32x4 from '../assembler/f32x4.js';
import * as f64x2 from '../assembler/f64x2.js';
import { add, div, mul, sub } from '../assembler/f64x2.js';
import * as i32x4 from '../assembler/i32x4.js';
import * as i64x2 from '../assembler/i64x2.js';
import type { V128 } from '../assembler/index.js';
import * as v128 from '../assembler/v128.js';
import type { Bind, Expression } from './vector-loop.js';

/** Beside this number the lowest bits of a double are an integer. */
export const INTEGER_BESIDE = 1.5 * 2 ** 52;
const EXPONENT_SHIFT = 52;
const BIAS = 1023;
/** Bits of sqrt(1/2) as a float32. */
const SQRT_HALF_BITS = 0x3f3504f3;

/** A function of two doubles on four floats: promoted, and rounded to float32 at the end. */
export function inDouble(bind: Bind, x: V128, f: (half: V128) => V128): V128 {
  const whole = bind(x);
  const low = bind(f(bind(f64x2.promoteLow(whole))));
  const high = bind(f(bind(f64x2.promoteHigh(whole))));
  return f64x2.demote(low, high);
}

/** A polynomial by Horner's rule, from the highest coefficient down. */
export function polynomial(bind: Bind, x: V128, [highest, ...rest]: readonly number[]): V128 {
  return rest.reduce((p, coefficient) => bind(add(mul(p, x), coefficient)), f64x2.all(highest));
}

const FACTORIALS = [479001600, 39916800, 3628800, 362880, 40320, 5040, 720, 120, 24, 6, 2, 1];
const EXPONENTIAL = FACTORIALS.map((factorial) => 1 / factorial);

/** k, 2^k and e^r - 1 of two doubles x = k ln 2 + r. */
function exponential(
  bind: Bind,
  x: V128,
): { readonly k: V128; readonly scale: V128; readonly reduced: V128 } {
  // pmin and pmax keep a NaN that stands first.
  const clamped = bind(f64x2.pmax(f64x2.pmin(x, 90), -105));
  const k = bind(f64x2.floor(add(mul(clamped, Math.LOG2E), 0.5)));
  const r = bind(sub(sub(clamped, mul(k, 0.6931471803691238)), mul(k, 1.9082149292705877e-10)));
  const reduced = bind(mul(r, polynomial(bind, r, EXPONENTIAL)));
  const exponent = i64x2.add(add(k, INTEGER_BESIDE), BIAS);
  return { k, scale: bind(i64x2.shl(exponent, EXPONENT_SHIFT)), reduced };
}

/** e^x of two doubles; see expDouble. */
export function exp(bind: Bind, x: V128): V128 {
  const { scale, reduced } = exponential(bind, x);
  return mul(scale, add(1, reduced));
}

/** e^x - 1 of two doubles; see expMinusOneDouble. */
function expMinusOne(bind: Bind, x: V128): V128 {
  const { k, scale, reduced } = exponential(bind, x);
  const whole = add(mul(scale, reduced), sub(scale, 1));
  // Where k is 0 both are the same number, but for the sign of zero.
  return v128.bitselect(reduced, whole, f64x2.eq(k, 0));
}

const ARTANH = [2 / 17, 2 / 15, 2 / 13, 2 / 11, 2 / 9, 2 / 7, 2 / 5, 2 / 3, 2];

/** log((1 + s) / (1 - s)); see twiceArtanh. */
export function twiceArtanh(bind: Bind, s: V128): V128 {
  return mul(s, polynomial(bind, bind(mul(s, s)), ARTANH));
}

/** log(1 + x) of two doubles above -1; see logOnePlusDouble. 1 + x is never denormal. */
function logOnePlus(bind: Bind, x: V128): V128 {
  const near = v128.and(f64x2.gt(x, -0.29), f64x2.lt(x, 0.41));
  const ratio = bind(div(x, add(x, 2)));
  const y = bind(add(1, x));
  const bits = i32x4.sub(f64x2.demoteZero(y), SQRT_HALF_BITS);
  const e = bind(i32x4.shrS(bits, 23));
  const powerOfMinusE = i64x2.shl(i64x2.sub(BIAS, i64x2.extendLowI32x4(e)), EXPONENT_SHIFT);
  const m = bind(mul(y, powerOfMinusE));
  const quotient = bind(div(sub(m, 1), add(m, 1)));
  const mask = bind(near);
  const s = bind(v128.bitselect(ratio, quotient, mask));
  const series = bind(twiceArtanh(bind, s));
  const far = add(series, mul(f64x2.convertLowI32x4(e), Math.LN2));
  return v128.bitselect(series, far, mask);
}

/** e^x - 1; see expMinusOne32. */
export const expm1: Expression = (bind, x) => inDouble(bind, x, (half) => expMinusOne(bind, half));

/** log(1 + x); see logOnePlus32. */
export const log1p: Expression = (bind, x) => {
  const inside = inDouble(bind, x, (half) => logOnePlus(bind, half));
  const infinity = f32x4.all(Number.POSITIVE_INFINITY);
  const positive = v128.bitselect(x, inside, f32x4.eq(x, infinity));
  const outside = v128.bitselect(f32x4.all(Number.NEGATIVE_INFINITY), f32x4.all(Number.NaN), f32x4.eq(x, -1));
  return v128.bitselect(positive, outside, f32x4.gt(x, -1));
};

/** 1 / (k + 2)!, as float32, from the last term on. */
const RESIDUAL = EXPONENTIAL.slice(3, -1).map(Math.fround);

/** e^x - 1 - x; see expResidual32. */
export const expResidual: Expression = (bind, x) => {
  const series = RESIDUAL.slice(1).reduce(
    (sum, coefficient) => bind(f32x4.add(coefficient, f32x4.mul(sum, x))),
    f32x4.all(RESIDUAL[0]),
  );
  const near = f32x4.mul(f32x4.mul(x, x), series);
  const far = f32x4.sub(expm1(bind, x), x);
  const infinity = f32x4.all(Number.POSITIVE_INFINITY);
  const rest = v128.bitselect(x, far, f32x4.eq(x, infinity));
  return v128.bitselect(near, rest, f32x4.le(f32x4.abs(x), 0.5));
};
