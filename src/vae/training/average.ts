import type { MetricsOf } from './events.js';
import type { Numbers } from './progress.js';
import type { TermsOf } from './task.js';

/** The values of scalars. */
export const valuesOf = <K extends string>(terms: TermsOf<K>): MetricsOf<K> =>
  Object.fromEntries(Object.entries(terms).map(([name, term]) => [name, term.item()])) as MetricsOf<K>;

/** Sums over examples, in float64, after a further batch of `count` examples with these averages. */
export function addTo(sums: Numbers, batch: Numbers, count: number): Numbers {
  const after: Record<string, number> = {};
  for (const name in batch) after[name] = (sums[name] ?? 0) + batch[name] * count;
  return after;
}

/** Sums over `count` examples as an average: a short batch counts for as many examples as it has. */
export const average = <K extends string>(sums: Numbers, count: number): MetricsOf<K> =>
  Object.fromEntries(Object.entries(sums).map(([name, sum]) => [name, sum / count])) as MetricsOf<K>;
