import { allocate, type TensorData } from '../../tensor/dtype.js';
import { Tensor } from '../../tensor/tensor.js';
import { type CheckedFunction, evaluateLike } from './evaluate.js';

/** A displacement of some inputs: one array per input, null where it stays. */
export type Direction = readonly (TensorData | null)[];

/** <v, f> differentiated along a direction by a central difference. */
export interface Slope {
  readonly value: number;
  /** The sum of the absolute terms, sum_j |v_j (f_j(x + h d) - f_j(x - h d))| / 2h. */
  readonly absolute: number;
  /** The displacement after rounding: (fl(x + h d) - fl(x - h d)) / 2h. */
  readonly direction: Direction;
}

function displaced(inputs: readonly Tensor[], direction: Direction, step: number): Tensor[] {
  return inputs.map((x, k) => {
    const d = direction[k];
    if (d === null) return x;
    const data = new Float64Array(x.data);
    for (let i = 0; i < d.length; i++) if (d[i] !== 0) data[i] += step * d[i];
    return new Tensor(data, x.shape);
  });
}

/**
 * (<v, f(x + h d)> - <v, f(x - h d)>) / 2h, differences taken before the sum, so that rounding does not grow
 * with outputs that do not move. Its error is h^2/6 times the third derivative plus about 1e-16 |f| / h.
 */
export function centralDifference(
  f: CheckedFunction,
  inputs: readonly Tensor[],
  direction: Direction,
  step: number,
  cotangents: readonly Tensor[],
  where: string,
): Slope {
  const above = displaced(inputs, direction, step);
  const below = displaced(inputs, direction, -step);
  const high = evaluateLike(f, above, cotangents, `at ${where}, one step up`);
  const low = evaluateLike(f, below, cotangents, `at ${where}, one step down`);
  let value = 0;
  let absolute = 0;
  cotangents.forEach((v, k) => {
    for (let j = 0; j < v.size; j++) {
      const term = (v.data[j] * (high[k].data[j] - low[k].data[j])) / (2 * step);
      value += term;
      absolute += Math.abs(term);
    }
  });
  const actual = direction.map((d, k) => {
    if (d === null) return null;
    const moved = allocate('float64', d.length);
    for (let i = 0; i < d.length; i++) moved[i] = (above[k].data[i] - below[k].data[i]) / (2 * step);
    return moved;
  });
  return { value, absolute, direction: actual };
}

/**
 * What is left at h = 0 of an error known at h, 2h and 4h: the least of it as it stands, less its terms in h^2 and h^4
 * (Richardson's extrapolation), and less one term in any power of h (Aitken's delta-squared process).
 */
export function extrapolate(atH: number, at2h: number, at4h: number): number {
  const richardson = (64 * atH - 20 * at2h + at4h) / 45;
  const ratio = (at4h - at2h) / (at2h - atH);
  const aitken = ratio > 1.8 ? atH - (at2h - atH) / (ratio - 1) : atH;
  return [richardson, aitken].reduce((least, x) => (Math.abs(x) < Math.abs(least) ? x : least), atH);
}
