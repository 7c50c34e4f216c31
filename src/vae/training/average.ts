import type { Metrics } from './events.js';

/** The sums before the first batch. */
export const NOTHING: Metrics = { loss: 0, reconstruction: 0, kl: 0 };

/** Sums over examples, in float64, after a further batch of `count` examples with these averages. */
export function addTo(sums: Metrics, batch: Metrics, count: number): Metrics {
  return {
    loss: sums.loss + batch.loss * count,
    reconstruction: sums.reconstruction + batch.reconstruction * count,
    kl: sums.kl + batch.kl * count,
  };
}

/** Sums over `count` examples as an average: a short batch counts for as many examples as it has. */
export function average(sums: Metrics, count: number): Metrics {
  return {
    loss: sums.loss / count,
    reconstruction: sums.reconstruction / count,
    kl: sums.kl / count,
  };
}
