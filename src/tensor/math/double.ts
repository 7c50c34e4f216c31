/**
 * Exponential and logarithm in double arithmetic, from + - * / and exact operations only. Engines differ in the
 * last bits of Math.exp and its like; these give the same bits everywhere. They serve float32 functions that are
 * evaluated in double and rounded once, so they reach only as far as float32 does.
 */
import { bitsOfFloat32, powerOfTwo32 } from './bits.js';

/** Beyond these, e^x is 0 or Infinity in float32. */
const LOWEST_EXPONENT = -105;
const HIGHEST_EXPONENT = 90;
const SQRT_HALF_BITS = 0x3f3504f3;
const SMALLEST_NORMAL = 2 ** -126;

/** 2^k as a double, for k from -252 to 254. */
function powerOfTwo(k: number): number {
  const half = k >> 1;
  return powerOfTwo32(half) * powerOfTwo32(k - half);
}

function clampExponent(x: number): number {
  return Math.max(LOWEST_EXPONENT, Math.min(HIGHEST_EXPONENT, x));
}

/** x - k ln 2, with ln 2 to 32 bits and the rest, so that the first product is exact. */
function reduceByLn2(x: number, k: number): number {
  return x - k * 0.6931471803691238 - k * 1.9082149292705877e-10;
}

/** e^r - 1 by Taylor's series to r^12, for |r| up to (ln 2) / 2; the sign of zero is kept. */
function expMinusOneReduced(r: number): number {
  let p = (1 / 479001600) * r + 1 / 39916800;
  p = p * r + 1 / 3628800;
  p = p * r + 1 / 362880;
  p = p * r + 1 / 40320;
  p = p * r + 1 / 5040;
  p = p * r + 1 / 720;
  p = p * r + 1 / 120;
  p = p * r + 1 / 24;
  p = p * r + 1 / 6;
  p = p * r + 1 / 2;
  return r * (p * r + 1);
}

/** e^x in double, relative error 1e-15; x is clamped to where e^x is a float32. */
export function expDouble(x: number): number {
  const clamped = clampExponent(x);
  const k = Math.floor(clamped * Math.LOG2E + 0.5);
  return powerOfTwo(k) * (1 + expMinusOneReduced(reduceByLn2(clamped, k)));
}

/** e^x - 1 in double, relative error 1e-15 near 0 too; x is clamped to where e^x is a float32. */
export function expMinusOneDouble(x: number): number {
  const clamped = clampExponent(x);
  const k = Math.floor(clamped * Math.LOG2E + 0.5);
  const reduced = expMinusOneReduced(reduceByLn2(clamped, k));
  if (k === 0) return reduced;
  const scale = powerOfTwo(k);
  return scale * reduced + (scale - 1);
}

/**
 * log((1 + s) / (1 - s)) = 2 artanh s by Taylor's series to s^17, for |s| up to (sqrt(2) - 1)^2 and a little
 * more; the sign of zero is kept.
 */
function twiceArtanh(s: number): number {
  const square = s * s;
  let p = (2 / 17) * square + 2 / 15;
  p = p * square + 2 / 13;
  p = p * square + 2 / 11;
  p = p * square + 2 / 9;
  p = p * square + 2 / 7;
  p = p * square + 2 / 5;
  p = p * square + 2 / 3;
  return s * (p * square + 2);
}

/** log x in double for a positive x within float32's range, relative error 1e-15. */
export function logDouble(x: number): number {
  const denormal = x < SMALLEST_NORMAL;
  const scaled = denormal ? x * 16777216 : x;
  // The exponent is read off the nearest float32; the mantissa stays a double.
  const e = (bitsOfFloat32(scaled) - SQRT_HALF_BITS) >> 23;
  const m = scaled * powerOfTwo(-e);
  return twiceArtanh((m - 1) / (m + 1)) + (denormal ? e - 24 : e) * Math.LN2;
}

/** log(1 + x) in double for a float32 x above -1, relative error 1e-15 near 0 too; the sign of zero is kept. */
export function logOnePlusDouble(x: number): number {
  return x > -0.29 && x < 0.41 ? twiceArtanh(x / (x + 2)) : logDouble(1 + x);
}
