import * as f32x4 from '../assembler/f32x4.js';
import { add, mul, sub } from '../assembler/f32x4.js';
import * as i32x4 from '../assembler/i32x4.js';
import type { V128 } from '../assembler/index.js';
import * as v128 from '../assembler/v128.js';
import { upperBits } from './philox.js';
import { logTail, polynomial } from './transcendental.js';
import type { Bind } from './vector-loop.js';

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
const floatOfWord = (word: V128): V128 =>
  add(
    mul(f32x4.convertI32x4(upperBits(word, 16)), 65536),
    f32x4.convertI32x4(v128.and(word, i32x4.all(0xffff))),
  );

/** log((word + 1) / 2^32): both ways of the plain one share the polynomial, and the exponent is 0 where u is near 1. */
function logOfWord(bind: Bind, word: V128): V128 {
  const flipped = v128.xor(word, i32x4.all(SIGN));
  const near = bind(i32x4.gt(flipped, (NEAR_ONE - 1) ^ SIGN));
  const below = mul(f32x4.convertI32x4(v128.not(word)), -TWO_TO_MINUS_32);
  const u = mul(add(floatOfWord(word), 1), TWO_TO_MINUS_32);
  const shifted = bind(i32x4.sub(u, SQRT_HALF_BITS));
  const exponent = f32x4.convertI32x4(i32x4.shrS(shifted, 23));
  const e = bind(v128.andnot(exponent, near));
  const mantissa = i32x4.add(v128.and(shifted, i32x4.all(0x7fffff)), SQRT_HALF_BITS);
  const t = bind(v128.bitselect(below, sub(mantissa, 1), near));
  const tail = add(logTail(bind, t), mul(e, LN2_LOWER));
  return add(add(t, tail), mul(e, LN2_UPPER));
}

function sineOfEighth(bind: Bind, x: V128, square: V128): V128 {
  const s = polynomial(bind, square, [-0.00019587890710681677, 0.008332747966051102, -0.166666641831398]);
  return add(x, mul(mul(s, square), x));
}

function cosineOfEighth(bind: Bind, square: V128): V128 {
  const c = polynomial(bind, square, [2.454794230288826e-5, -0.001388830249197781, 0.0416666641831398]);
  return add(1, sub(mul(mul(c, square), square), mul(0.5, square)));
}

/** Four pairs of normals, of mean 0 and standard deviation 1. */
export function normalPair(bind: Bind, first: V128, second: V128): readonly [V128, V128] {
  // At u = 1 the logarithm may be a zero of either sign; the plain one's radius is +0.
  const radius = bind(f32x4.sqrt(f32x4.abs(mul(-2, logOfWord(bind, first)))));
  const quarter = bind(upperBits(i32x4.add(second, 0x20000000), 30));
  const rest = i32x4.sub(second, i32x4.shl(quarter, 30));
  const angle = bind(mul(f32x4.convertI32x4(rest), 2 * Math.PI * TWO_TO_MINUS_32));
  const square = bind(mul(angle, angle));
  const cosine = bind(cosineOfEighth(bind, square));
  const sine = bind(sineOfEighth(bind, angle, square));
  // The lowest bit of the quarter, and the one above it, moved to the sign.
  const isOdd = bind(i32x4.shrS(i32x4.shl(quarter, 31), 31));
  const signOf = (q: V128): V128 => v128.and(i32x4.shl(q, 30), i32x4.all(SIGN));
  const x = v128.bitselect(sine, cosine, isOdd);
  const y = v128.bitselect(cosine, sine, isOdd);
  return [
    bind(mul(radius, v128.xor(x, signOf(i32x4.add(quarter, 1))))),
    bind(mul(radius, v128.xor(y, signOf(quarter)))),
  ];
}
