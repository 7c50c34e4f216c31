/** Repeats of one measurement. */
export interface Summary {
  readonly median: number;
  readonly min: number;
  readonly max: number;
  /** In the order in which they were measured. */
  readonly samples: readonly number[];
}

/** The middle value; the mean of the two middle ones where their number is even. @throws RangeError for none. */
export function median(values: readonly number[]): number {
  if (values.length === 0) throw new RangeError('median: there are no values; at least one is needed');
  const sorted = values.toSorted((a, b) => a - b);
  const half = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
}

/** @throws RangeError for no values. */
export function summarize(samples: readonly number[]): Summary {
  return { median: median(samples), min: Math.min(...samples), max: Math.max(...samples), samples };
}

/** y = factor x^exponent. */
export interface PowerLaw {
  readonly exponent: number;
  readonly factor: number;
}

/**
 * The power law nearest to the points: least squares on log y against log x.
 * @throws RangeError unless there are two points of different x or more, all coordinates finite and above 0.
 */
export function fitPowerLaw(points: readonly (readonly [x: number, y: number])[]): PowerLaw {
  const bad = points.find((point) => point.some((value) => !(value > 0 && Number.isFinite(value))));
  if (bad !== undefined) {
    throw new RangeError(`fitPowerLaw: the point (${bad}) has no logarithm; coordinates must be above 0`);
  }
  if (new Set(points.map(([x]) => x)).size < 2) {
    throw new RangeError(
      `fitPowerLaw: ${points.length} points do not make a line; two of different x are needed`,
    );
  }
  const logs = points.map(([x, y]) => [Math.log(x), Math.log(y)] as const);
  const mean = (k: 0 | 1): number => logs.reduce((total, point) => total + point[k], 0) / logs.length;
  const [mx, my] = [mean(0), mean(1)];
  const covariance = logs.reduce((total, [x, y]) => total + (x - mx) * (y - my), 0);
  const variance = logs.reduce((total, [x]) => total + (x - mx) ** 2, 0);
  const exponent = covariance / variance;
  return { exponent, factor: Math.exp(my - exponent * mx) };
}
