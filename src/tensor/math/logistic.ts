import { exp32 } from './exponential.js';
import { logTail32 } from './logarithm.js';

const f = Math.fround;

/**
 * The logistic function 1 / (1 + e^-x) in float32 steps; within 2.5 ULP of the true value. With t = e^-|x| it is
 * 1 / (1 + t) or, for negative x, t / (1 + t): nothing overflows, and the left tail keeps its digits.
 */
export function sigmoid32(x: number): number {
  const t = exp32(-Math.abs(x));
  return f((x < 0 ? t : 1) / f(1 + t));
}

/** The logistic function in float64, in the same stable form. */
export function sigmoid64(x: number): number {
  const t = Math.exp(-Math.abs(x));
  return (x < 0 ? t : 1) / (1 + t);
}

/**
 * log(1 + e^x) in float32 steps; within 2 ULP of the true value. It is max(x, 0) + log(1 + t) with t = e^-|x|;
 * for t above sqrt(2) - 1, 1 + t is halved: log(1 + t) = ln 2 + log(1 + (t - 1) / 2).
 */
export function softplus32(x: number): number {
  const t = exp32(-Math.abs(x));
  const halved = t > 0.4142135679721832;
  const u = halved ? f(0.5 * f(t - 1)) : t;
  const tail = f(logTail32(u) + (halved ? -0.00021219444170128554 : 0));
  return f(Math.max(x, 0) + f(f(u + tail) + (halved ? 0.693359375 : 0)));
}

/** log(1 + e^x) in float64, in the same stable form. */
export function softplus64(x: number): number {
  return Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
}
