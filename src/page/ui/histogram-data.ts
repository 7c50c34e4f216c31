/** The distribution of some numbers. */
export interface Distribution {
  readonly low: number;
  readonly high: number;
  readonly mean: number;
  /** The number of values that are not finite; they are in no bin. */
  readonly odd: number;
  readonly counts: readonly number[];
}

/** How many numbers fall into each of `bins` equal parts of their range. */
export function histogramOf(values: ArrayLike<number>, bins: number): Distribution {
  let [low, high, total, odd] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0, 0];
  for (let i = 0; i < values.length; i++) {
    const x = values[i];
    if (!Number.isFinite(x)) {
      odd++;
      continue;
    }
    low = Math.min(low, x);
    high = Math.max(high, x);
    total += x;
  }
  const finite = values.length - odd;
  const counts = new Array<number>(bins).fill(0);
  if (finite === 0) return { low: 0, high: 0, mean: 0, odd, counts };
  const scale = high > low ? bins / (high - low) : 0;
  for (let i = 0; i < values.length; i++) {
    const x = values[i];
    if (Number.isFinite(x)) counts[Math.min(bins - 1, Math.floor((x - low) * scale))]++;
  }
  return { low, high, mean: total / finite, odd, counts };
}
