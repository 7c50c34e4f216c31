/** log of the mean of e^x over `values` from one index to another, shifted by the largest so that nothing overflows. */
export function logMeanExp(values: Float64Array, from = 0, to = values.length): number {
  let largest = Number.NEGATIVE_INFINITY;
  for (let i = from; i < to; i++) if (values[i] > largest) largest = values[i];
  if (!Number.isFinite(largest)) return largest;
  let total = 0;
  for (let i = from; i < to; i++) total += Math.exp(values[i] - largest);
  return largest + Math.log(total / (to - from));
}

/** The mean of {@link logMeanExp} over as many whole groups of `k` neighbours as there are. */
export function meanOfGroups(values: Float64Array, k: number): number {
  const groups = Math.floor(values.length / k);
  let total = 0;
  for (let g = 0; g < groups; g++) total += k === 1 ? values[g] : logMeanExp(values, g * k, (g + 1) * k);
  return total / groups;
}

/**
 * (sum of w)^2 / sum of w^2 for weights e^x: how many equal weights would say as much (Kong, "A note on importance sampling
 * using standardized weights", 1992).
 */
export function effectiveSamples(values: Float64Array): number {
  const largest = values.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
  let [total, squares] = [0, 0];
  for (const value of values) {
    const weight = Math.exp(value - largest);
    total += weight;
    squares += weight * weight;
  }
  return (total * total) / squares;
}
