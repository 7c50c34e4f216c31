import { expDouble, logDouble } from './double.js';

/**
 * x^y as a float32, correctly rounded but for near ties; evaluated in double as e^(y log|x|), rounded once. Special
 * cases as in IEEE 754-2019, 9.2.1: x^0 and 1^y are 1 even for NaN, a negative base needs an integer exponent,
 * and an odd one carries the sign over, zeros and infinities included.
 */
export function pow32(x: number, y: number): number {
  if (y === 0 || x === 1) return 1;
  if (Number.isNaN(x) || Number.isNaN(y)) return Number.NaN;
  const negative = x < 0 || Object.is(x, -0);
  if (x < 0 && Number.isFinite(x) && Number.isFinite(y) && !Number.isInteger(y)) return Number.NaN;
  const size = powerOfSize(Math.abs(x), y);
  return negative && Math.abs(y % 2) === 1 ? -size : size;
}

/** x^y for x from 0 to Infinity, y not 0. */
function powerOfSize(x: number, y: number): number {
  if (x === 1) return 1;
  if (x === 0 || x === Number.POSITIVE_INFINITY || !Number.isFinite(y)) {
    return x > 1 === y > 0 ? Number.POSITIVE_INFINITY : 0;
  }
  return Math.fround(expDouble(y * logDouble(x)));
}

/** x^y in float64: `**`, with IEEE 754's 1 where JavaScript says NaN (a base of 1 or -1 and no finite exponent). */
export function pow64(x: number, y: number): number {
  if (x === 1 || (x === -1 && Math.abs(y) === Number.POSITIVE_INFINITY)) return 1;
  return x ** y;
}
