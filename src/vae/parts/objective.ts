import { add, mul } from '../../autograd/index.js';
import type { Fields } from '../../nn/schema/index.js';
import type { Tensor } from '../../tensor/tensor.js';
import { klTerm } from '../kl.js';
import { weightsSchema } from '../weights.js';
import { type PartDefinition, type PartFunction, Registry } from './registry.js';

/** The terms of one batch that an objective makes a loss of, in nats per example. */
export interface Terms {
  /** -log p(x | z) without the likelihood's constant: a scalar. */
  readonly reconstruction: Tensor;
  /** KL(q(z | x) || p(z)), whole: a scalar. */
  readonly kl: Tensor;
  /** The same for each latent dimension, [latent]; [1] where the KL does not come apart. */
  readonly klPerDimension: Tensor;
}

/** From the terms of a batch to what is minimized, a scalar. */
export type LossOfTerms = (terms: Terms) => Tensor;

export const objectives = new Registry<undefined, LossOfTerms>('objective', 'defineObjective');

/**
 * Registers an objective under a name, so that specifications and checkpoints can name it.
 * @returns the function that writes its specification
 * @throws Error when the name is taken.
 */
// @__NO_SIDE_EFFECTS__
export const defineObjective = <const F extends Fields>(
  definition: PartDefinition<F, undefined, LossOfTerms>,
): PartFunction<F> => objectives.add(definition);

/** reconstruction + beta * KL; with free bits a dimension of the KL counts at least so many nats. */
export function weightedElbo(
  { reconstruction, kl, klPerDimension }: Terms,
  beta: number,
  freeBits: number,
): Tensor {
  const counted = freeBits > 0 ? klTerm(klPerDimension, freeBits) : kl;
  return add(reconstruction, beta === 1 ? counted : mul(counted, beta));
}

/** The specification of the negative ELBO with the KL weighted by beta, and free bits. */
export const elbo = defineObjective({
  name: 'elbo',
  examples: () => [{}, { beta: 4 }, { freeBits: 0.1 }, { beta: 0.5, freeBits: 0.5 }],
  doc: 'reconstruction + beta * KL, each latent dimension of the KL counting at least freeBits nats.',
  settings: weightsSchema,
  build:
    ({ beta, freeBits }) =>
    (terms) =>
      weightedElbo(terms, beta, freeBits),
});
