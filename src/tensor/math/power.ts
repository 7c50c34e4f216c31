import { expDouble, logDouble } from './double.js';

/** The base of a square root in pow: IEEE 754 has pow(-0, 1/2) = +0 and pow(-Infinity, 1/2) = Infinity, unlike sqrt. */
const rootBase = (x: number): number => (x === Number.NEGATIVE_INFINITY ? Number.POSITIVE_INFINITY : x + 0);

/** Exponents that need only one or two operations, in double: pow(x, 2) is x * x and pow(x, -1) is 1 / x, to the bit. */
function simplePower(x: number, y: number): number | undefined {
  switch (y) {
    case -2:
      return 1 / (x * x);
    case -1:
      return 1 / x;
    case -0.5:
      return 1 / Math.sqrt(rootBase(x));
    case 0.5:
      return Math.sqrt(rootBase(x));
    case 1:
      return x;
    case 2:
      return x * x;
    case 3:
      return x * x * x;
    default:
      return undefined;
  }
}

/**
 * x^y as a float32, correctly rounded but for near ties; evaluated in double as e^(y log|x|), for a few exponents as
 * {@link simplePower}, and rounded once. Special cases as in IEEE 754-2019, 9.2.1: x^0 and 1^y are 1 even for NaN, a
 * negative base needs an integer exponent, and an odd one carries the sign over, zeros and infinities included.
 */
export function pow32(x: number, y: number): number {
  if (y === 0 || x === 1) return 1;
  const simple = simplePower(x, y);
  if (simple !== undefined) return Math.fround(simple);
  if (Number.isNaN(x) || Number.isNaN(y)) return Number.NaN;
  const negative = x < 0 || Object.is(x, -0);
  if (x < 0 && Number.isFinite(x) && Number.isFinite(y) && !Number.isInteger(y)) return Number.NaN;
  const magnitude = powerOfMagnitude(Math.abs(x), y);
  return negative && Math.abs(y % 2) === 1 ? -magnitude : magnitude;
}

/** x^y for x from 0 to Infinity, y not 0. */
function powerOfMagnitude(x: number, y: number): number {
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
