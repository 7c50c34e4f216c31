import { Module } from '../../nn/module.js';
import type { Tensor } from '../../tensor/tensor.js';
import { type DefinePart, type PartContext, Registry } from './registry.js';

/** q(z | x): its mean and the logarithms of its (marginal) variances, both [batch, latent]. A family may add more. */
export interface Posterior {
  readonly mean: Tensor;
  readonly logvar: Tensor;
}

/** A family of distributions q(z | x), with the layers that choose one from what the encoder puts out. */
export abstract class PosteriorFamily<Q extends Posterior = Posterior> extends Module {
  abstract readonly name: string;
  /** Whether dimensions are independent Gaussians, of which mean and logvar say everything. */
  abstract readonly diagonal: boolean;

  /**
   * @param latent dimensions of z
   * @param noise standard normal draws that one sample of z takes. Defaults to one for each dimension
   */
  constructor(
    readonly latent: number,
    readonly noise: number = latent,
  ) {
    super();
  }

  /** @param features [batch, ...], what the encoder puts out */
  abstract forward(features: Tensor): Q;

  /**
   * A sample of z as a differentiable function of q.
   * @param epsilon [batch, noise], standard normal draws; there may be dimensions of samples before the batch
   * @param composed take the trick apart, to see every inner value and gradient
   */
  abstract sample(q: Q, epsilon: Tensor, composed: boolean): Tensor;

  /** log q(z | x) in nats, as terms to be summed: [batch, latent] where dimensions are independent, else [batch, 1]. */
  abstract logDensity(q: Q, z: Tensor): Tensor;

  /**
   * KL(q || N(0, 1)) in nats as terms to be summed, [batch, latent] or [batch, 1], of a family that is not diagonal and has a
   * formula for it; otherwise undefined.
   */
  standardKl(_q: Q): Tensor | undefined {
    return undefined;
  }
}

/** What the rest of the model asks of a posterior. */
export interface PosteriorContext extends PartContext {
  /** Numbers that the encoder puts out. */
  readonly inputs: number;
}

export const posteriors = new Registry<PosteriorContext, PosteriorFamily>('posterior', 'definePosterior');

/** Registers a family of posteriors, which specifications and checkpoints can then name. @throws Error when its name is taken. */
// @__NO_SIDE_EFFECTS__
export const definePosterior: DefinePart<PosteriorContext, PosteriorFamily> = (definition) =>
  posteriors.add(definition);
