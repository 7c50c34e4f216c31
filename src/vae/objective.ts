import { add, mul, sum } from '../autograd/index.js';
import { checkOptions } from '../tensor/known-options.js';
import type { Tensor } from '../tensor/tensor.js';
import { klPerDimension, klTerm } from './kl.js';
import type { VAE, VAEOutput } from './vae.js';

/** Weights of the terms of the objective. */
export interface ObjectiveOptions {
  /** Weight of the KL; 1 (the ELBO) unless given (Higgins et al., "beta-VAE", 2017). */
  readonly beta?: number;
  /** Nats below which a latent dimension's KL is not pushed further; 0 unless given. */
  readonly freeBits?: number;
  /** Take the trick apart into mul, exp and add. */
  readonly composed?: boolean;
}

/** The terms of the objective for one batch; all scalars in nats per example, but `klPerDimension`. */
export interface Objective extends VAEOutput {
  /** What is minimized: reconstruction + beta * KL (with free bits where asked for). */
  readonly loss: Tensor;
  /** -log p(x | z) without the likelihood's constant. */
  readonly reconstruction: Tensor;
  /** KL(q(z | x) || p(z)), whole: neither weighted nor with free bits. */
  readonly kl: Tensor;
  /** The same for each latent dimension, [latent]. */
  readonly klPerDimension: Tensor;
}

function checkWeights(options: ObjectiveOptions): void {
  checkOptions(options, ['beta', 'freeBits', 'composed'], 'objective');
  const { beta = 1, freeBits = 0 } = options;
  for (const [name, value] of Object.entries({ beta, freeBits })) {
    if (value >= 0 && Number.isFinite(value)) continue;
    throw new RangeError(`objective: ${name} is ${value}; it must be a finite number of 0 or more`);
  }
}

/**
 * The negative ELBO with the KL weighted by beta: sum over dimensions, mean over the batch, one sample of z each
 * (Kingma & Welling 2014, equation 10).
 * @param x [batch, features]
 * @param epsilon [batch, latent]
 * @throws RangeError when beta or freeBits is negative or not finite; ShapeError when shapes do not fit.
 */
export function objective(vae: VAE, x: Tensor, epsilon: Tensor, options: ObjectiveOptions = {}): Objective {
  checkWeights(options);
  return objectiveOf(vae, x, vae.forward(x, epsilon, { composed: options.composed ?? false }), options);
}

/** The objective of a given pass, which may have other values of mean, logvar or z than the model computes. */
export function objectiveOf(
  vae: VAE,
  x: Tensor,
  pass: VAEOutput,
  options: Omit<ObjectiveOptions, 'composed'> = {},
): Objective {
  return withKl(vae, x, pass, klPerDimension(pass.mean, pass.logvar), options);
}

/** {@link objectiveOf} with a given KL: reconstruction + beta * KL, with free bits. @param perDimension [latent], nats */
export function withKl(
  vae: VAE,
  x: Tensor,
  { mean, logvar, z, output }: VAEOutput,
  perDimension: Tensor,
  options: Omit<ObjectiveOptions, 'composed'> = {},
): Objective {
  checkWeights(options);
  const { beta = 1, freeBits = 0 } = options;
  const reconstruction = vae.likelihood.reconstruction(output, x).named('reconstruction');
  const kl = sum(perDimension.named('kl per dimension')).named('kl');
  const weighted = freeBits > 0 ? klTerm(perDimension, freeBits) : kl;
  const loss = add(reconstruction, beta === 1 ? weighted : mul(weighted, beta)).named('loss');
  return { mean, logvar, z, output, loss, reconstruction, kl, klPerDimension: perDimension };
}

/**
 * Weight of the KL in `epoch` (from 1): rises from 0 in a straight line and stays at `beta` after `epochs`
 * (Bowman et al., "Generating sentences from a continuous space", 2016); `beta` from the start when `epochs` is 0.
 * @throws RangeError when epoch is below 1.
 */
export function klWarmup(
  epoch: number,
  options: { readonly beta?: number; readonly epochs?: number } = {},
): number {
  checkOptions(options, ['beta', 'epochs'], 'klWarmup');
  const { beta = 1, epochs = 0 } = options;
  if (!(epoch >= 1)) throw new RangeError(`klWarmup: epoch is ${epoch}; epochs count from 1`);
  return epochs <= 0 ? beta : beta * Math.min(1, (epoch - 1) / epochs);
}
