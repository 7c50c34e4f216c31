import type { ProbeEntry } from './difference.js';

/** A straight line on a log-log chart: error = factor * h^slope. */
export interface Line {
  readonly slope: number;
  readonly factor: number;
}

/** The two legs of the V; null if the points do not show one. */
export interface FittedSlopes {
  /** On the right, where truncation dominates: slope 2 until a kink is crossed. */
  readonly truncation: Line | null;
  /** On the left, where rounding dominates: slope -1. */
  readonly rounding: Line | null;
}

/** Points on a leg are at least this many times worse than the best, to exclude the other leg's influence. */
const CLEAR = 20;
/** Above this error, the difference has lost all its digits. */
const SATURATED = 0.1;
const FEWEST = 4;

/** The line through points (h, error) by least squares of the logarithms; null for too few points. */
export function fitLine(points: readonly Pick<ProbeEntry, 'step' | 'error'>[]): Line | null {
  if (points.length < FEWEST) return null;
  const xs = points.map(({ step }) => Math.log(step));
  const ys = points.map(({ error }) => Math.log(error));
  const mean = (list: readonly number[]): number => list.reduce((sum, v) => sum + v, 0) / list.length;
  const [mx, my] = [mean(xs), mean(ys)];
  const spread = xs.reduce((sum, x) => sum + (x - mx) ** 2, 0);
  if (spread === 0) return null;
  const slope = xs.reduce((sum, x, i) => sum + (x - mx) * (ys[i] - my), 0) / spread;
  return { slope, factor: Math.exp(my - slope * mx) };
}

/** Fits the legs on either side of the point with the least error. */
export function fitSlopes(points: readonly ProbeEntry[]): FittedSlopes {
  const known = points.filter(({ error }) => error > 0);
  if (known.length === 0) return { truncation: null, rounding: null };
  const best = known.reduce((min, point) => (point.error < min.error ? point : min));
  const clear = known.filter(({ error }) => error > CLEAR * best.error && error < SATURATED);
  return {
    truncation: fitLine(clear.filter(({ step, kinks }) => step > best.step && kinks === 0)),
    rounding: fitLine(clear.filter(({ step }) => step < best.step)),
  };
}
