import { HALF_LOG_TWO_PI } from '../../nn/losses.js';
import { formatNumber } from '../../tensor/format.js';
import type { LossDescription } from './description.js';

/** A loss as a combination of this library's terms: factor * (reconstruction + beta * KL), in nats per example. */
export interface Weights {
  /** Factor of the reconstruction, and so of the whole loss. Adam is invariant to it, SGD is not. */
  readonly factor: number;
  /** Factor of the KL, in the same units. */
  readonly klFactor: number;
  /** klFactor / factor: the beta of a beta-VAE. */
  readonly beta: number;
}

/** 2 sigma^2, the ratio of a squared error to the Gaussian's -log p. */
const gaussianShare = ({ likelihood, sigma }: LossDescription): number =>
  likelihood === 'mse' ? 2 * sigma * sigma : 1;

/** The weights of a described loss. `klWeight` overrides the factor of the KL. */
export function weightsOf(loss: LossDescription, klWeight: number = loss.klWeight): Weights {
  const { features, latent, batch } = loss;
  const over = (reduction: 'sum' | 'mean', count: number): number => (reduction === 'mean' ? 1 / count : 1);
  // This library takes the mean over the batch.
  const overBatch = (reduction: 'sum' | 'mean'): number => (reduction === 'sum' ? batch : 1);
  const factor =
    over(loss.reconstruction, features) * overBatch(loss.reconstructionBatch) * gaussianShare(loss);
  const klFactor = over(loss.kl, latent) * overBatch(loss.klBatch) * klWeight;
  return { factor, klFactor, beta: klFactor / factor };
}

function reductionText(what: string, of: 'sum' | 'mean', count: number, name: string): string {
  return of === 'mean'
    ? `${what}: mean over ${count} ${name} = sum / ${count}`
    : `${what}: sum over ${count} ${name}`;
}

/** The derivation of beta, line by line. */
export function derivationOf(loss: LossDescription): string[] {
  const { likelihood, sigma, features, latent, batch, klWeight } = loss;
  const { factor, klFactor, beta } = weightsOf(loss);
  const batchText = (of: 'sum' | 'mean'): string =>
    of === 'sum' ? `sum over the batch = ${batch} x mean` : 'mean over the batch';
  const lines = [
    `${reductionText('reconstruction', loss.reconstruction, features, 'features')}; ${batchText(loss.reconstructionBatch)}`,
    `${reductionText('KL', loss.kl, latent, 'latent dimensions')}; ${batchText(loss.klBatch)}`,
  ];
  if (likelihood === 'mse') {
    const share = gaussianShare(loss);
    lines.push(
      `squared error = 2 sigma^2 x (-log p of N(x; output, sigma^2), without its constant); ` +
        `at sigma^2 = ${formatNumber(sigma * sigma, 7)} that is ${formatNumber(share, 7)} x`,
    );
  }
  lines.push(
    `loss = ${formatNumber(factor, 7)} x reconstruction + ${formatNumber(klFactor, 7)} x KL, both in nats per example` +
      (klWeight === 1 ? '' : ` (the weight ${formatNumber(klWeight, 7)} is in the second)`),
    `beta = ${formatNumber(klFactor, 7)} / ${formatNumber(factor, 7)} = ${formatNumber(beta, 7)}`,
  );
  if (likelihood !== 'bernoulli' && beta > 0) {
    lines.push(
      `the same, but for a factor, as the ELBO itself (beta 1) of a Gaussian whose sigma^2 is beta times as large: ` +
        `sigma = ${formatNumber(sigma * Math.sqrt(beta), 7)}`,
    );
  }
  if (likelihood === 'gaussian') {
    const constant = features * (Math.log(sigma) + HALF_LOG_TWO_PI);
    lines.push(
      `the constant of the likelihood, ${formatNumber(constant, 7)} nats per example, is ` +
        `${loss.constant ? 'in the loss' : 'left out of the loss'}: it changes no gradient, but must be in an ELBO`,
    );
  }
  return lines;
}

/** The settings of this library that minimize the same loss. */
export interface Equivalent {
  readonly likelihood: 'bernoulli' | 'gaussian';
  /** null for Bernoulli. */
  readonly sigma: number | null;
  readonly beta: number;
  /** The options of `pathwise train`. */
  readonly command: string;
}

export function equivalentOf(
  likelihood: LossDescription['likelihood'],
  sigma: number,
  beta: number,
): Equivalent {
  const gaussian = likelihood !== 'bernoulli';
  const options = [
    `--likelihood ${gaussian ? 'gaussian' : 'bernoulli'}`,
    ...(gaussian ? [`--sigma ${formatNumber(sigma, 7)}`] : []),
    `--beta ${formatNumber(beta, 7)}`,
  ];
  return {
    likelihood: gaussian ? 'gaussian' : 'bernoulli',
    sigma: gaussian ? sigma : null,
    beta,
    command: `pathwise train ${options.join(' ')}`,
  };
}
