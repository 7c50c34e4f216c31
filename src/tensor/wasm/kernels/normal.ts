import * as f32x4 from '../assembler/f32x4.js';
import { add, mul, sub } from '../assembler/f32x4.js';
import * as i32x4 from '../assembler/i32x4.js';
import type { V128 } from '../assembler/index.js';
import * as v128 from '../assembler/v128.js';
import { upperBits } from './philox.js';
import { logTail, polynomial } from './transcendental.js';
import type { Scope } from './vector-loop.js';

/**
 * Normal draws from words, four pairs at once: the float32 operations of random/normal.ts, one for one and in their order.
 */

const TWO_TO_MINUS_32 = 2 ** -32;
/** sqrt(1/2) as a fraction of 2^32. */
const NEAR_ONE = 0xb504f334;
const SQRT_HALF_BITS = 0x3f3504f3;
const LN2_UPPER = 0.693359375;
const LN2_LOWER = -0.00021219444170128554;
const SIGN = 0x80000000;

/** A word as the nearest float32: its halves are exact, and their sum rounds once. */
const floatOfWord = (scope: Scope, word: V128): V128 =>
  add(
    mul(f32x4.convertI32x4(upperBits(word, 16)), scope.float(65536)),
    f32x4.convertI32x4(v128.and(word, scope.integer(0xffff))),
  );

/** log((word + 1) / 2^32): both ways of the plain one share the polynomial, and the exponent is 0 where u is near 1. */
function logOfWord(scope: Scope, word: V128): V128 {
  const flipped = v128.xor(word, scope.integer(SIGN));
  const near = scope.bind(i32x4.gt(flipped, scope.integer((NEAR_ONE - 1) ^ SIGN)));
  const below = mul(f32x4.convertI32x4(v128.not(word)), scope.float(-TWO_TO_MINUS_32));
  const u = mul(add(floatOfWord(scope, word), scope.float(1)), scope.float(TWO_TO_MINUS_32));
  const shifted = scope.bind(i32x4.sub(u, scope.integer(SQRT_HALF_BITS)));
  const exponent = f32x4.convertI32x4(i32x4.shrS(shifted, 23));
  const e = scope.bind(v128.andnot(exponent, near));
  const mantissa = i32x4.add(v128.and(shifted, scope.integer(0x7fffff)), scope.integer(SQRT_HALF_BITS));
  const t = scope.bind(v128.bitselect(below, sub(mantissa, scope.float(1)), near));
  const tail = add(logTail(scope, t), mul(e, scope.float(LN2_LOWER)));
  return add(add(t, tail), mul(e, scope.float(LN2_UPPER)));
}

function sineOfEighth(scope: Scope, x: V128, square: V128): V128 {
  const s = polynomial(scope, square, [-0.00019587890710681677, 0.008332747966051102, -0.166666641831398]);
  return add(x, mul(mul(s, square), x));
}

function cosineOfEighth(scope: Scope, square: V128): V128 {
  const c = polynomial(scope, square, [2.454794230288826e-5, -0.001388830249197781, 0.0416666641831398]);
  return add(scope.float(1), sub(mul(mul(c, square), square), mul(scope.float(0.5), square)));
}

/** Four pairs of normals, of mean 0 and standard deviation 1. */
export function normalPair(scope: Scope, first: V128, second: V128): readonly [V128, V128] {
  // At u = 1 the logarithm may be a zero of either sign; the plain one's radius is +0.
  const radius = scope.bind(f32x4.sqrt(f32x4.abs(mul(scope.float(-2), logOfWord(scope, first)))));
  const quarter = scope.bind(upperBits(i32x4.add(second, scope.integer(0x20000000)), 30));
  const rest = i32x4.sub(second, i32x4.shl(quarter, 30));
  const angle = scope.bind(mul(f32x4.convertI32x4(rest), scope.float(2 * Math.PI * TWO_TO_MINUS_32)));
  const square = scope.bind(mul(angle, angle));
  const cosine = scope.bind(cosineOfEighth(scope, square));
  const sine = scope.bind(sineOfEighth(scope, angle, square));
  // The lowest bit of the quarter, and the one above it, moved to the sign.
  const isOdd = scope.bind(i32x4.shrS(i32x4.shl(quarter, 31), 31));
  const signOf = (q: V128): V128 => v128.and(i32x4.shl(q, 30), scope.integer(SIGN));
  const x = v128.bitselect(sine, cosine, isOdd);
  const y = v128.bitselect(cosine, sine, isOdd);
  return [
    scope.bind(mul(radius, v128.xor(x, signOf(i32x4.add(quarter, scope.integer(1)))))),
    scope.bind(mul(radius, v128.xor(y, signOf(quarter)))),
  ];
}
