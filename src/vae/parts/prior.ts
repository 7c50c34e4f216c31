import type { ValueRange } from '../../data/range.js';
import { Module } from '../../nn/module.js';
import type { RandomStream } from '../../tensor/random/stream.js';
import type { Tensor } from '../../tensor/tensor.js';
import type { Condition, Labels } from './condition.js';
import type { Posterior, PosteriorFamily } from './posterior.js';
import { type DefinePart, type PartContext, Registry } from './registry.js';

/** p(z), the distribution that codes are drawn from; of a conditional model it may be p(z | y). */
export abstract class Prior extends Module {
  abstract readonly name: string;

  /**
   * log p(z) in nats, as terms to be summed: [batch, latent] where dimensions are independent, else [batch, 1].
   * @param labels one for each example, of a conditional model
   */
  abstract logDensity(z: Tensor, labels?: Labels): Tensor;

  /** {@link logDensity} for as long as no parameter changes: what does not depend on z is computed once. */
  fixedLogDensity(): (z: Tensor, labels?: Labels) => Tensor {
    return (z, labels) => this.logDensity(z, labels);
  }

  /** `count` codes, [count, latent]. @param labels one for each code, of a conditional model */
  abstract sample(count: number, stream: RandomStream, labels?: Labels): Tensor;

  /**
   * KL(q || p) in nats as terms to be summed, [batch, latent] or [batch, 1], where there is a formula for this family;
   * otherwise undefined, and the objective takes log q(z | x) - log p(z) at its sample.
   */
  kl(_q: Posterior, _family: PosteriorFamily, _labels?: Labels): Tensor | undefined {
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
  /** What encoder and decoder are told of an example; null for nothing. */
  readonly condition: Condition | null;
  readonly posterior: PosteriorFamily;
  /** The posterior of examples, [batch, features]. @param labels one for each, of a conditional model */
  encode(x: Tensor, labels?: Labels): Posterior;
}

export const priors = new Registry<PriorContext, Prior>('prior', 'definePrior');

/** Registers a prior, which specifications and checkpoints can then name. @throws Error when its name is taken. */
// @__NO_SIDE_EFFECTS__
export const definePrior: DefinePart<PriorContext, Prior> = (definition) => priors.add(definition);
