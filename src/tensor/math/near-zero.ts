import { expMinusOneDouble, logOnePlusDouble } from './double.js';

/** e^x - 1 as a float32, correctly rounded but for rare near ties; evaluated in double, rounded once. */
export function expMinusOne32(x: number): number {
  return Math.fround(expMinusOneDouble(x));
}

/**
 * log(1 + x) as a float32, correctly rounded but for rare near ties; evaluated in double, rounded once. At -1 it is
 * -Infinity, below NaN.
 */
export function logOnePlus32(x: number): number {
  if (!(x > -1)) return x === -1 ? Number.NEGATIVE_INFINITY : Number.NaN;
  return x === Number.POSITIVE_INFINITY ? x : Math.fround(logOnePlusDouble(x));
}

/** 1 / (k + 2)! of the series below; the k-th term is at most 2^-k / (k + 2)! within its range. */
const RESIDUAL = [1 / 2, 1 / 6, 1 / 24, 1 / 120, 1 / 720, 1 / 5040, 1 / 40320, 1 / 362880];
const RESIDUAL_32 = RESIDUAL.map(Math.fround);
/** Beyond float32's eight terms: enough for float64 up to |x| = 1/2. */
const RESIDUAL_64 = [...RESIDUAL, 1 / 3628800, 1 / 39916800, 1 / 479001600, 1 / 6227020800, 1 / 87178291200];
const SERIES_BELOW = 0.5;

/**
 * e^x - 1 - x as a float32: by its Taylor series within |x| <= 1/2, where subtracting x from e^x - 1 would cancel, in
 * float32 steps.
 */
export function expResidual32(x: number): number {
  if (x === Number.POSITIVE_INFINITY) return x;
  if (!(Math.abs(x) <= SERIES_BELOW)) return Math.fround(expMinusOne32(x) - x);
  let sum = RESIDUAL_32[RESIDUAL_32.length - 1];
  for (let k = RESIDUAL_32.length - 2; k >= 0; k--) {
    sum = Math.fround(RESIDUAL_32[k] + Math.fround(sum * x));
  }
  return Math.fround(Math.fround(x * x) * sum);
}

/** e^x - 1 - x in float64; see {@link expResidual32}. */
export function expResidual64(x: number): number {
  if (x === Number.POSITIVE_INFINITY) return x;
  if (!(Math.abs(x) <= SERIES_BELOW)) return Math.expm1(x) - x;
  return x * x * RESIDUAL_64.reduceRight((sum, coefficient) => coefficient + sum * x, 0);
}
