/**
 * The transcendental functions on vectors: the float32 operations of exp32, log32, tanh32, sigmoid32 and softplus32,
 * one for one and in their order, so that the bits are theirs. Both sides of a branch are computed, and one is selected.
 */

import * as f32x4 from '../assembler/f32x4.js';
import { add, div, mul, sub } from '../assembler/f32x4.js';
import * as i32x4 from '../assembler/i32x4.js';
import type { V128 } from '../assembler/index.js';
import * as v128 from '../assembler/v128.js';
import type { Expression, Scope } from './vector-loop.js';

/** Bits of sqrt(1/2), as log32 has them. */
const SQRT_HALF_BITS = 0x3f3504f3;
const EXPONENT_SHIFT = 23;
/** ln 2 in two parts. */
const LN2_UPPER = 0.693359375;
const LN2_LOWER = -0.00021219444170128554;

/** A polynomial by Horner's rule, from the highest coefficient down; `x` is used once for each. */
export function polynomial(scope: Scope, x: V128, [highest, ...rest]: readonly number[]): V128 {
  return rest.reduce(
    (p, coefficient) => scope.bind(add(mul(p, x), scope.float(coefficient))),
    scope.float(highest),
  );
}

/** e^x; see exp32. */
export const exp: Expression = (scope, x) => {
  // pmin and pmax keep a NaN that stands first.
  const clamped = scope.bind(f32x4.pmax(f32x4.pmin(x, scope.float(89)), scope.float(-104)));
  const k = scope.bind(f32x4.floor(add(mul(clamped, scope.float(1.4426950216293335)), scope.float(0.5))));
  const r = scope.bind(sub(sub(clamped, mul(k, scope.float(LN2_UPPER))), mul(k, scope.float(LN2_LOWER))));
  const p = polynomial(
    scope,
    r,
    [0.0013926175888627768, 0.008363173343241215, 0.041666556149721146, 0.16666577756404877, 0.5],
  );
  const y = add(add(mul(mul(p, r), r), r), scope.float(1));
  // Beside 1.5 2^23 the lowest bits of a float32 are an integer. Here they hold k + 254: both factors' exponents, biased.
  const biased = i32x4.sub(add(k, scope.float(12582912)), scope.integer(0x4b400000 - 254));
  const exponents = scope.bind(biased);
  const half = scope.bind(i32x4.shrS(exponents, 1));
  const powerOfTwo = (exponent: V128): V128 => i32x4.shl(exponent, EXPONENT_SHIFT);
  return mul(mul(y, powerOfTwo(half)), powerOfTwo(i32x4.sub(exponents, half)));
};

/** log(1 + t) - t; see logTail32. */
export function logTail(scope: Scope, t: V128): V128 {
  const p = polynomial(
    scope,
    t,
    [
      0.06971611827611923, -0.11479733884334564, 0.11685419827699661, -0.12425687164068222,
      0.14249058067798615, -0.1666780263185501, 0.20000715553760529, -0.2499999701976776, 0.3333333134651184,
    ],
  );
  const square = scope.bind(mul(t, t));
  return sub(mul(mul(square, t), p), mul(scope.float(0.5), square));
}

/** The natural logarithm; see log32. */
export const log: Expression = (scope, x) => {
  const denormal = scope.bind(f32x4.lt(x, scope.float(2 ** -126)));
  const scaled = v128.bitselect(mul(x, scope.float(8388608)), x, denormal);
  const shifted = scope.bind(i32x4.sub(scaled, scope.integer(SQRT_HALF_BITS)));
  const exponent = i32x4.sub(i32x4.shrS(shifted, EXPONENT_SHIFT), v128.and(denormal, scope.integer(23)));
  const e = scope.bind(f32x4.convertI32x4(exponent));
  const mantissa = i32x4.add(v128.and(shifted, scope.integer(0x7fffff)), scope.integer(SQRT_HALF_BITS));
  const t = scope.bind(sub(mantissa, scope.float(1)));
  const tail = add(logTail(scope, t), mul(e, scope.float(LN2_LOWER)));
  const finite = add(add(t, tail), mul(e, scope.float(LN2_UPPER)));
  const infinity = scope.float(Number.POSITIVE_INFINITY);
  const positive = v128.bitselect(x, finite, f32x4.eq(x, infinity));
  const rest = v128.bitselect(
    scope.float(Number.NEGATIVE_INFINITY),
    scope.float(Number.NaN),
    f32x4.eq(x, scope.float(0)),
  );
  return v128.bitselect(positive, rest, f32x4.gt(x, scope.float(0)));
};

/** The hyperbolic tangent; see tanh32. */
export const tanh: Expression = (scope, x) => {
  const a = scope.bind(f32x4.abs(x));
  const square = scope.bind(mul(a, a));
  const p = polynomial(
    scope,
    square,
    [-0.006096714176237583, 0.020997179672122, -0.05385090783238411, 0.1333276927471161, -0.333333283662796],
  );
  const near = add(a, mul(mul(p, square), a));
  const far = sub(
    scope.float(1),
    div(scope.float(2), add(exp(scope, scope.bind(add(a, a))), scope.float(1))),
  );
  const size = v128.bitselect(near, far, f32x4.lt(a, scope.float(0.625)));
  return v128.or(size, v128.and(x, scope.integer(0x80000000)));
};

/** The logistic function; see sigmoid32. */
export const sigmoid: Expression = (scope, x) => {
  const t = scope.bind(exp(scope, f32x4.neg(f32x4.abs(x))));
  return div(v128.bitselect(t, scope.float(1), f32x4.lt(x, scope.float(0))), add(scope.float(1), t));
};

/** log(1 + e^x); see softplus32. */
export const softplus: Expression = (scope, x) => {
  const t = scope.bind(exp(scope, f32x4.neg(f32x4.abs(x))));
  const halved = scope.bind(f32x4.gt(t, scope.float(0.4142135679721832)));
  const u = scope.bind(v128.bitselect(mul(scope.float(0.5), sub(t, scope.float(1))), t, halved));
  const tail = add(logTail(scope, u), v128.and(halved, scope.float(LN2_LOWER)));
  // Of -0, pmax leaves -0: no matter, since what is added to it is not 0.
  return add(f32x4.pmax(x, scope.float(0)), add(add(u, tail), v128.and(halved, scope.float(LN2_UPPER))));
};
