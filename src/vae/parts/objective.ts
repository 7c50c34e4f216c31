import { add, mul } from '../../autograd/index.js';
import { complete, type Given } from '../../nn/schema/index.js';
import type { Tensor } from '../../tensor/tensor.js';
import { klTerm } from '../kl.js';
import { weightsSchema } from '../shared-settings.js';
import { type DefinePart, type PartSpec, Registry } from './registry.js';

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

/** Registers an objective, which options and checkpoints can then name. @throws Error when its name is taken. */
// @__NO_SIDE_EFFECTS__
export const defineObjective: DefinePart<undefined, LossOfTerms> = (definition) => objectives.add(definition);

/** The specification of the negative ELBO with the KL weighted by beta, and free bits. */
export const elbo = defineObjective({
  name: 'elbo',
  examples: () => [{}, { beta: 4 }, { freeBits: 0.1 }, { beta: 0.5, freeBits: 0.5 }],
  doc: 'reconstruction + beta * KL, each latent dimension of the KL counting at least freeBits nats.',
  settings: weightsSchema,
  build: ({ beta, freeBits }) => weightedElbo(beta, freeBits),
});

const weightedElbo =
  (beta: number, freeBits: number): LossOfTerms =>
  ({ reconstruction, kl, klPerDimension }) => {
    const counted = freeBits > 0 ? klTerm(klPerDimension, freeBits) : kl;
    return add(reconstruction, beta === 1 ? counted : mul(counted, beta));
  };

/** How terms become a loss: weights of the ELBO, or an objective in their place. */
export interface LossOptions extends Given<typeof weightsSchema> {
  /** A registered objective, by its specification or its name, in place of the weights. */
  readonly objective?: string | PartSpec | undefined;
}

/**
 * The complete specification of an objective that is given; null for the ELBO, which its weights describe.
 * @throws TypeError for an objective beside weights, or one that is not complete; RangeError for one that is not registered.
 */
export function completeObjective(
  objective: string | PartSpec | undefined,
  weights: Readonly<Record<string, unknown>>,
  who: string,
): PartSpec | null {
  if (objective === undefined) return null;
  if (Object.values(weights).every((weight) => weight === undefined)) {
    return objectives.complete(objective, who);
  }
  throw new TypeError(
    `${who}: ${Object.keys(weights).join(', ')} are settings of the ELBO; give either them or an objective`,
  );
}

/** The loss that options ask for. @throws what {@link completeObjective} does, and RangeError for a weight out of range. */
export function lossBy({ objective, ...weights }: LossOptions, who: string): LossOfTerms {
  const spec = completeObjective(objective, weights, who);
  if (spec !== null) return objectives.build(spec, undefined);
  const { beta, freeBits } = complete(weightsSchema, weights, who);
  return weightedElbo(beta, freeBits);
}
