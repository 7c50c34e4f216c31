import type { Tensor } from '../../tensor/tensor.js';
import type { LatentVariableModel, VAEOutput } from '../model.js';
import type { Labels } from './condition.js';
import { type DefinePart, type PartSpec, Registry } from './registry.js';

/** The terms that an objective makes a loss of, in nats per example: of one batch, or averaged over a data set. */
export interface Terms {
  /** -log p(x | z) without the likelihood's constant: a scalar. */
  readonly reconstruction: Tensor;
  /** KL(q(z | x) || p(z)), whole: a scalar. */
  readonly kl: Tensor;
  /** The same for each latent dimension, [latent]; [1] where the KL does not come apart. */
  readonly klPerDimension: Tensor;
  /** What an objective with terms of its own maximizes, without the likelihood's constant: a scalar. */
  readonly bound?: Tensor | undefined;
}

/** What an objective with terms of its own works them out from. */
export interface ObjectivePass {
  readonly model: LatentVariableModel;
  /** [batch, ...] */
  readonly x: Tensor;
  /** One for each example of a conditional model. */
  readonly labels: Labels | undefined;
  /** The loss of other examples, on average: what a control variate may take off. */
  readonly baseline: number;
  /**
   * Runs the model.
   * @param through what z goes through before anything depends on it: other gradients, the same value
   * @throws TypeError for a pass that is given as it is, where it was to go through something.
   */
  run(through?: (z: Tensor) => Tensor): VAEOutput;
}

/** What a training minimizes, as a function of model, batch and noise. */
export interface ObjectiveFunction {
  /** The terms of a batch, and the pass that they are of. Defaults to those of the ELBO. */
  terms?(pass: ObjectivePass): VAEOutput & Terms;
  /** From terms, of a batch or averaged over a data set, to what is minimized: a scalar. */
  loss(terms: Terms): Tensor;
}

export const objectives = new Registry<undefined, ObjectiveFunction>('objective', 'defineObjective');

/** Registers an objective, which options and checkpoints can then name. @throws Error when its name is taken. */
// @__NO_SIDE_EFFECTS__
export const defineObjective: DefinePart<undefined, ObjectiveFunction> = (definition) =>
  objectives.add(definition);

/**
 * The complete specification of an objective that is given; null for the ELBO, which its settings describe.
 * @param settings of the ELBO, none of which goes with an objective
 * @throws TypeError for an objective beside them, or one that is not complete; RangeError for one that is not registered.
 */
export function completeObjective(
  objective: string | PartSpec | undefined,
  settings: Readonly<Record<string, unknown>>,
  who: string,
): PartSpec | null {
  if (objective === undefined) return null;
  if (Object.values(settings).every((value) => value === undefined)) {
    return objectives.complete(objective, who);
  }
  throw new TypeError(
    `${who}: ${Object.keys(settings).join(', ')} are settings of the ELBO; give either them or an objective`,
  );
}
