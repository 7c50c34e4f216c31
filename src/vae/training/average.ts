import type { Numbers } from './progress.js';

/** Sums over examples, in float64, after a further batch of `count` examples with these averages. */
export function addTo(sums: Numbers, batch: Numbers, count: number): Numbers {
  const after: Record<string, number> = {};
  for (const name in batch) after[name] = (sums[name] ?? 0) + batch[name] * count;
  return after;
}

/** Sums over `count` examples as an average: a short batch counts for as many examples as it has. */
export function average(sums: Numbers, count: number): Numbers {
  const means: Record<string, number> = {};
  for (const name in sums) means[name] = sums[name] / count;
  return means;
}
