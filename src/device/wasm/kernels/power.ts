import * as f32x4 from '../assembler/f32x4.js';
import * as f64x2 from '../assembler/f64x2.js';
import { add, div, mul, sub } from '../assembler/f64x2.js';
import * as i32x4 from '../assembler/i32x4.js';
import type { V128 } from '../assembler/index.js';
import * as v128 from '../assembler/v128.js';
import { exp, inDouble, twiceArtanh } from './doubles.js';
import type { Expression } from './vector-loop.js';

const { bitselect } = v128;
const INFINITY = f32x4.all(Number.POSITIVE_INFINITY);
const ONE = f32x4.all(1);
const SIGN = i32x4.all(0x80000000);
/** Bits of sqrt(1/2) as a float32. */
const SQRT_HALF_BITS = 0x3f3504f3;

/** What is under a square root; see rootBase. */
const rootBase = (x: V128): V128 =>
  f32x4.add(bitselect(INFINITY, x, f32x4.eq(x, Number.NEGATIVE_INFINITY)), 0);

const inverse = (x: V128): V128 => div(1, x);

/** x^y for one y each, as pow32 has them. */
const simplePowers: readonly (readonly [exponent: number, expression: Expression])[] = [
  [-2, (bind, x) => inDouble(bind, x, (half) => inverse(mul(half, half)))],
  [-1, (_, x) => f32x4.div(1, x)],
  [-0.5, (bind, x) => inDouble(bind, rootBase(x), (half) => inverse(f64x2.sqrt(half)))],
  [0, () => ONE],
  [0.5, (_, x) => f32x4.sqrt(rootBase(x))],
  [1, (_, x) => x],
  [2, (_, x) => f32x4.mul(x, x)],
  [3, (bind, x) => inDouble(bind, x, (half) => mul(mul(half, half), half))],
];

/** x^y for x from 0 to Infinity; see powerOfMagnitude. */
const powerOfMagnitude: Expression = (bind, x, y) => {
  const denormal = bind(f32x4.lt(x, 2 ** -126));
  const scaled = bitselect(f32x4.mul(x, 16777216), x, denormal);
  const shifted = bind(i32x4.sub(scaled, SQRT_HALF_BITS));
  const exponent = bind(i32x4.sub(i32x4.shrS(shifted, 23), v128.and(denormal, i32x4.all(24))));
  const mantissa = bind(i32x4.add(v128.and(shifted, i32x4.all(0x7fffff)), SQRT_HALF_BITS));
  const half = (promote: (x: V128) => V128, convert: (x: V128) => V128): V128 => {
    const m = bind(promote(mantissa));
    const log = twiceArtanh(bind, bind(div(sub(m, 1), add(m, 1))));
    return bind(exp(bind, bind(mul(promote(y), add(log, mul(convert(exponent), Math.LN2))))));
  };
  const finite = f64x2.demote(
    half(f64x2.promoteLow, f64x2.convertLowI32x4),
    half(f64x2.promoteHigh, f64x2.convertHighI32x4),
  );
  const infiniteExponent = f32x4.eq(f32x4.abs(y), INFINITY);
  const limit = v128.or(v128.or(f32x4.eq(x, 0), f32x4.eq(x, INFINITY)), infiniteExponent);
  const vanishes = v128.xor(f32x4.gt(x, 1), f32x4.gt(y, 0));
  return bitselect(ONE, bitselect(v128.andnot(INFINITY, vanishes), finite, limit), f32x4.eq(x, ONE));
};

const isInteger = (y: V128): V128 => f32x4.eq(f32x4.floor(y), y);

const general: Expression = (bind, x, y) => {
  const magnitude = powerOfMagnitude(bind, bind(f32x4.abs(x)), y);
  const isOdd = v128.andnot(isInteger(y), isInteger(bind(f32x4.mul(y, 0.5))));
  const signed = v128.xor(magnitude, v128.and(v128.and(x, SIGN), isOdd));
  // A finite negative base needs an integer; an infinite exponent is one.
  const finite = f32x4.gt(x, Number.NEGATIVE_INFINITY);
  const complex = v128.andnot(v128.and(f32x4.lt(x, 0), finite), isInteger(y));
  const invalid = v128.or(v128.or(f32x4.ne(x, x), f32x4.ne(y, y)), complex);
  const other = bitselect(f32x4.all(Number.NaN), signed, invalid);
  const result = simplePowers.reduce<V128>(
    (rest, [exponent, simple]) => bitselect(simple(bind, x), rest, f32x4.eq(y, exponent)),
    other,
  );
  return bitselect(ONE, result, f32x4.eq(x, ONE));
};

/** x^y; see pow32. */
export const pow: Expression = Object.assign(general, { withLast: new Map(simplePowers) });
