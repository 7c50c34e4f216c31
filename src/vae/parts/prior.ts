import type { ValueRange } from '../../data/range.js';
import { Module } from '../../nn/module.js';
import type { RandomStream } from '../../tensor/random/stream.js';
import type { Tensor } from '../../tensor/tensor.js';
import type { Posterior, PosteriorFamily } from './posterior.js';
import { type DefinePart, type PartContext, Registry } from './registry.js';

/** p(z), the distribution that codes are drawn from. */
export abstract class Prior extends Module {
  abstract readonly name: string;

  /** log p(z) in nats, as terms to be summed: [batch, latent] where dimensions are independent, else [batch, 1]. */
  abstract logDensity(z: Tensor): Tensor;

  /** `count` codes, [count, latent]. */
  abstract sample(count: number, stream: RandomStream): Tensor;

  /**
   * KL(q || p) in nats as terms to be summed, [batch, latent] or [batch, 1], where there is a formula for this family;
   * otherwise undefined, and the objective takes log q(z | x) - log p(z) at its sample.
   */
  kl(_q: Posterior, _family: PosteriorFamily): Tensor | undefined {
    return undefined;
  }
}

/** What the rest of the model asks of a prior. */
export interface PriorContext extends PartContext {
  /** Dimensions of z. */
  readonly latent: number;
  /** Numbers per example. */
  readonly features: number;
  /** The data that the likelihood takes. */
  readonly range: ValueRange;
  /** Whether encoder and decoder take labels. */
  readonly isConditional: boolean;
  /** Whether the posterior's dimensions are independent. */
  readonly isDiagonal: boolean;
  /** The posterior of examples, [batch, features], of a model that is not conditional. */
  encode(x: Tensor): Posterior;
}

export const priors = new Registry<PriorContext, Prior>('prior', 'definePrior');

/** Registers a prior, which specifications and checkpoints can then name. @throws Error when its name is taken. */
// @__NO_SIDE_EFFECTS__
export const definePrior: DefinePart<PriorContext, Prior> = (definition) => priors.add(definition);
