import type { Metrics } from '../../vae/training/index.js';

/** The terms of the objective at one step. */
export interface Point extends Metrics {
  /** Gradient steps taken, including this one. */
  readonly at: number;
}

/** The terms of the objective over a training of any length, as a bounded number of points. */
export interface History {
  /** In order. Each is the mean of `stride` steps and has the number of the last. */
  readonly points: readonly Point[];
  readonly stride: number;
  /** The mean of the steps that do not fill a point yet; null when there are none. */
  readonly open: { readonly mean: Point; readonly count: number } | null;
}

export const NO_HISTORY: History = { points: [], stride: 1, open: null };

/** About two for each pixel of a chart. */
const MAX_POINTS = 2000;

/** The mean of two successive points of `m` and `n` steps. */
function merged(a: Point, m: number, b: Point, n: number): Point {
  const mean = (x: number, y: number): number => (m * x + n * y) / (m + n);
  return {
    at: b.at,
    loss: mean(a.loss, b.loss),
    reconstruction: mean(a.reconstruction, b.reconstruction),
    kl: mean(a.kl, b.kl),
  };
}

/** Half as many points, each for twice as many steps. */
function halved({ points, stride, open }: History): History {
  const pairs: Point[] = [];
  for (let i = 0; i + 1 < points.length; i += 2) pairs.push(merged(points[i], 1, points[i + 1], 1));
  if (points.length % 2 === 0) return { points: pairs, stride: 2 * stride, open };
  const odd = points[points.length - 1];
  const rest =
    open === null
      ? { mean: odd, count: stride }
      : { mean: merged(odd, stride, open.mean, open.count), count: stride + open.count };
  return { points: pairs, stride: 2 * stride, open: rest };
}

/** The history with more steps; at the bound, points are merged in pairs. */
export function extended(history: History, steps: readonly Point[], max = MAX_POINTS): History {
  let points = [...history.points];
  let { stride, open } = history;
  for (const step of steps) {
    open =
      open === null
        ? { mean: step, count: 1 }
        : { mean: merged(open.mean, open.count, step, 1), count: open.count + 1 };
    if (open.count < stride) continue;
    points.push(open.mean);
    open = null;
    if (points.length < max) continue;
    const half = halved({ points, stride, open });
    ({ stride, open } = half);
    points = [...half.points];
  }
  return { points, stride, open };
}
