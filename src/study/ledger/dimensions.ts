import type { Tensor } from '../../tensor/tensor.js';
import { type ByOrigin, byOrigin } from '../by-origin.js';
import type { Entry, Ledger } from './ledger.js';

/** What drives one latent dimension in one batch, and its state. */
export interface DimensionRow {
  /** Counted from 0. */
  readonly dimension: number;
  /** KL from the prior, nats per example. */
  readonly kl: number;
  /** Mean of exp(logvar / 2) over the batch: near 1 if the dimension carries no information. */
  readonly sigma: number;
  /** Variance of the posterior mean over the batch: above 0.01 the unit counts as active. */
  readonly variance: number;
  /** Mean over examples of |dl/dz|, |dl/dmean| and |dl/dlogvar|, where l is the example's own loss in nats. */
  readonly z: ByOrigin<number>;
  readonly mean: ByOrigin<number>;
  readonly logvar: ByOrigin<number>;
  /**
   * How strongly the reconstruction drives the posterior means apart: minus the sum, over the batch, of (mean - average mean) times its
   * part of dL/dmean, in nats per example. Following the gradient alone, the variance grows at twice this rate.
   */
  readonly signal: number;
  /** How strongly the KL draws them together, in the same unit: beta * variance. Above `signal`, the dimension loses information. */
  readonly pull: number;
}

/** The elements of one latent dimension. */
const column = (t: Tensor, dimension: number): number[] => {
  const latent = t.shape[1];
  return Array.from({ length: t.shape[0] }, (_, i) => t.data[i * latent + dimension]);
};

const sumOf = (numbers: readonly number[]): number => numbers.reduce((sum, x) => sum + x, 0);

/** A summary of a ledger, one row for each latent dimension. */
export function dimensionRows(ledger: Ledger): DimensionRow[] {
  const { batch, latent, gradients, klPerDimension } = ledger;
  // The loss is an average, so the sum of |dL/dz| over the batch is the average over examples.
  const size = (entry: Entry, dimension: number): ByOrigin<number> =>
    byOrigin((origin) => sumOf(column(entry[origin], dimension).map(Math.abs)));
  return Array.from({ length: latent }, (_, dimension) => {
    const means = column(ledger.mean, dimension);
    const average = sumOf(means) / batch;
    const along = (origin: 'reconstruction' | 'kl'): number =>
      sumOf(column(gradients.mean[origin], dimension).map((g, i) => g * (means[i] - average)));
    return {
      dimension,
      kl: klPerDimension[dimension],
      sigma: sumOf(column(ledger.logvar, dimension).map((l) => Math.exp(l / 2))) / batch,
      variance: sumOf(means.map((m) => (m - average) ** 2)) / batch,
      z: size(gradients.z, dimension),
      mean: size(gradients.mean, dimension),
      logvar: size(gradients.logvar, dimension),
      signal: 0 - along('reconstruction'),
      pull: along('kl'),
    };
  });
}
