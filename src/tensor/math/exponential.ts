import { powerOfTwo32 } from './bits.js';

const f = Math.fround;

/**
 * e^x in float32 steps; within 1.1 ULP of the true value, denormal results included.
 *
 * x = k ln 2 + r with |r| <= (ln 2) / 2, then e^x = 2^k (1 + r + r^2 P(r)). ln 2 is split in two (Cody and
 * Waite) so that k times its upper part is exact. P interpolates (e^r - 1 - r) / r^2 at the five Chebyshev
 * nodes of the interval (computed in 60-digit arithmetic); its error is 8e-9 of e^r. 2^k is applied as two
 * factors, since k reaches from -150 to 128. Every literal is exactly a float32.
 */
export function exp32(x: number): number {
  const clamped = Math.max(-104, Math.min(89, x));
  const k = Math.floor(f(f(clamped * 1.4426950216293335) + 0.5));
  const r = f(f(clamped - f(k * 0.693359375)) - f(k * -0.00021219444170128554));
  let p = f(f(0.0013926175888627768 * r) + 0.008363173343241215);
  p = f(f(p * r) + 0.041666556149721146);
  p = f(f(p * r) + 0.16666577756404877);
  p = f(f(p * r) + 0.5);
  const y = f(f(f(f(p * r) * r) + r) + 1);
  const half = k >> 1;
  return f(f(y * powerOfTwo32(half)) * powerOfTwo32(k - half));
}
