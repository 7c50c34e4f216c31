import { bitsOfFloat32, float32FromBits } from './bits.js';

const f = Math.fround;

/** The bits of sqrt(1/2): mantissas are taken from there up to sqrt(2), so that 1 lies in the middle. */
const SQRT_HALF_BITS = 0x3f3504f3;
const SMALLEST_NORMAL = 2 ** -126;

/**
 * log(1 + t) - t for t from sqrt(1/2) - 1 to sqrt(2) - 1, in float32 steps: t^3 P(t) - t^2 / 2. P interpolates
 * (log(1 + t) - t + t^2 / 2) / t^3 at the nine Chebyshev nodes of the interval; its error is 3e-9 of t.
 */
export function logTail32(t: number): number {
  let p = f(f(0.06971611827611923 * t) + -0.11479733884334564);
  p = f(f(p * t) + 0.11685419827699661);
  p = f(f(p * t) + -0.12425687164068222);
  p = f(f(p * t) + 0.14249058067798615);
  p = f(f(p * t) + -0.1666780263185501);
  p = f(f(p * t) + 0.20000715553760529);
  p = f(f(p * t) + -0.2499999701976776);
  p = f(f(p * t) + 0.3333333134651184);
  const square = f(t * t);
  return f(f(f(square * t) * p) - f(0.5 * square));
}

/**
 * The natural logarithm in float32 steps; within 1 ULP of the true value, denormal x included. log(0) is
 * -Infinity, of a negative number NaN.
 *
 * x = 2^e m with m in [sqrt(1/2), sqrt(2)), then log x = e ln 2 + log m, ln 2 split in two so that e times its
 * upper part is exact. Every literal is exactly a float32.
 */
export function log32(x: number): number {
  if (!(x > 0)) return x === 0 ? Number.NEGATIVE_INFINITY : Number.NaN;
  if (x === Number.POSITIVE_INFINITY) return x;
  const denormal = x < SMALLEST_NORMAL;
  const shifted = bitsOfFloat32(denormal ? f(x * 8388608) : x) - SQRT_HALF_BITS;
  const e = (shifted >> 23) - (denormal ? 23 : 0);
  const t = f(float32FromBits((shifted & 0x7fffff) + SQRT_HALF_BITS) - 1);
  const tail = f(logTail32(t) + f(e * -0.00021219444170128554));
  return f(f(t + tail) + f(e * 0.693359375));
}
