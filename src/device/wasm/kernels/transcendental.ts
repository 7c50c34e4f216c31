/**
 * The transcendental functions on vectors: the float32 operations of exp32, log32, tanh32, sigmoid32 and softplus32,
 * one for one and in their order, so that the bits are theirs. Both sides of a branch are computed, and one is selected.
 */

import * as f32x4 from '../assembler/f32x4.js';
import { add, div, mul, sub } from '../assembler/f32x4.js';
import * as i32x4 from '../assembler/i32x4.js';
import type { V128 } from '../assembler/index.js';
import * as v128 from '../assembler/v128.js';
import type { Bind, Expression } from './vector-loop.js';

/** Bits of sqrt(1/2), as log32 has them. */
const SQRT_HALF_BITS = 0x3f3504f3;
const EXPONENT_SHIFT = 23;
/** ln 2 in two parts. */
const LN2_UPPER = 0.693359375;
const LN2_LOWER = -0.00021219444170128554;

/** A polynomial by Horner's rule, from the highest coefficient down; `x` is used once for each. */
export function polynomial(bind: Bind, x: V128, [highest, ...rest]: readonly number[]): V128 {
  return rest.reduce((p, coefficient) => bind(add(mul(p, x), coefficient)), f32x4.all(highest));
}

/** e^x; see exp32. */
export const exp: Expression = (bind, x) => {
  // pmin and pmax keep a NaN that stands first.
  const clamped = bind(f32x4.pmax(f32x4.pmin(x, 89), -104));
  const k = bind(f32x4.floor(add(mul(clamped, 1.4426950216293335), 0.5)));
  const r = bind(sub(sub(clamped, mul(k, LN2_UPPER)), mul(k, LN2_LOWER)));
  const p = polynomial(
    bind,
    r,
    [0.0013926175888627768, 0.008363173343241215, 0.041666556149721146, 0.16666577756404877, 0.5],
  );
  const y = add(add(mul(mul(p, r), r), r), 1);
  // Beside 1.5 2^23 the lowest bits of a float32 are an integer. Here they hold k + 254: both factors' exponents, biased.
  const biased = i32x4.sub(add(k, 12582912), 0x4b400000 - 254);
  const exponents = bind(biased);
  const half = bind(i32x4.shrS(exponents, 1));
  const powerOfTwo = (exponent: V128): V128 => i32x4.shl(exponent, EXPONENT_SHIFT);
  return mul(mul(y, powerOfTwo(half)), powerOfTwo(i32x4.sub(exponents, half)));
};

/** log(1 + t) - t; see logTail32. */
export function logTail(bind: Bind, t: V128): V128 {
  const p = polynomial(
    bind,
    t,
    [
      0.06971611827611923, -0.11479733884334564, 0.11685419827699661, -0.12425687164068222,
      0.14249058067798615, -0.1666780263185501, 0.20000715553760529, -0.2499999701976776, 0.3333333134651184,
    ],
  );
  const square = bind(mul(t, t));
  return sub(mul(mul(square, t), p), mul(0.5, square));
}

/** The natural logarithm; see log32. */
export const log: Expression = (bind, x) => {
  const denormal = bind(f32x4.lt(x, 2 ** -126));
  const scaled = v128.bitselect(mul(x, 8388608), x, denormal);
  const shifted = bind(i32x4.sub(scaled, SQRT_HALF_BITS));
  const exponent = i32x4.sub(i32x4.shrS(shifted, EXPONENT_SHIFT), v128.and(denormal, i32x4.all(23)));
  const e = bind(f32x4.convertI32x4(exponent));
  const mantissa = i32x4.add(v128.and(shifted, i32x4.all(0x7fffff)), SQRT_HALF_BITS);
  const t = bind(sub(mantissa, 1));
  const tail = add(logTail(bind, t), mul(e, LN2_LOWER));
  const finite = add(add(t, tail), mul(e, LN2_UPPER));
  const infinity = f32x4.all(Number.POSITIVE_INFINITY);
  const positive = v128.bitselect(x, finite, f32x4.eq(x, infinity));
  const rest = v128.bitselect(f32x4.all(Number.NEGATIVE_INFINITY), f32x4.all(Number.NaN), f32x4.eq(x, 0));
  return v128.bitselect(positive, rest, f32x4.gt(x, 0));
};

/** The hyperbolic tangent; see tanh32. */
export const tanh: Expression = (bind, x) => {
  const a = bind(f32x4.abs(x));
  const square = bind(mul(a, a));
  const p = polynomial(
    bind,
    square,
    [-0.006096714176237583, 0.020997179672122, -0.05385090783238411, 0.1333276927471161, -0.333333283662796],
  );
  const near = add(a, mul(mul(p, square), a));
  const far = sub(1, div(2, add(exp(bind, bind(add(a, a))), 1)));
  const size = v128.bitselect(near, far, f32x4.lt(a, 0.625));
  return v128.or(size, v128.and(x, i32x4.all(0x80000000)));
};

/** The logistic function; see sigmoid32. */
export const sigmoid: Expression = (bind, x) => {
  const t = bind(exp(bind, f32x4.neg(f32x4.abs(x))));
  return div(v128.bitselect(t, f32x4.all(1), f32x4.lt(x, 0)), add(1, t));
};

/** log(1 + e^x); see softplus32. */
export const softplus: Expression = (bind, x) => {
  const t = bind(exp(bind, f32x4.neg(f32x4.abs(x))));
  const halved = bind(f32x4.gt(t, 0.4142135679721832));
  const u = bind(v128.bitselect(mul(0.5, sub(t, 1)), t, halved));
  const tail = add(logTail(bind, u), v128.and(halved, f32x4.all(LN2_LOWER)));
  // Of -0, pmax leaves -0: no matter, since what is added to it is not 0.
  return add(f32x4.pmax(x, 0), add(add(u, tail), v128.and(halved, f32x4.all(LN2_UPPER))));
};
