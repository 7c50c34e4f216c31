import type { Point } from '../shared/training.js';

/** The terms of the objective over a training of any length, in a bounded number of points. */
export interface History {
  /** In the order of their steps. Each is the mean of `stride` steps, named by the last of them. */
  readonly points: readonly Point[];
  readonly stride: number;
  /** The mean so far of the steps that do not make a point yet; null where there are none. */
  readonly open: { readonly mean: Point; readonly count: number } | null;
}

export const NO_HISTORY: History = { points: [], stride: 1, open: null };

/** Twice as many as a chart has pixels to show them in. */
const MOST = 2000;

/** The mean of two points that stand for `m` and `n` steps, the second later than the first. */
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

/** The history with further steps; past the bound its points are merged in pairs. */
export function extended(history: History, steps: readonly Point[], most = MOST): History {
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
    if (points.length < most) continue;
    const half = halved({ points, stride, open });
    ({ stride, open } = half);
    points = [...half.points];
  }
  return { points, stride, open };
}
