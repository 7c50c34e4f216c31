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
