import { checkOptions } from '../tensor/known-options.js';
import type { Tensor } from '../tensor/tensor.js';
import type { LatentVariableModel, VAEOutput } from './model.js';
import type { Labels } from './parts/condition.js';
import {
  elboTerms,
  type LossOptions,
  namedTerms,
  objectiveFrom,
  reconstructionOf,
  withTerms,
} from './parts/elbo.js';
import type { ObjectiveFunction, ObjectivePass, Terms } from './parts/objective.js';
import { elboSchema } from './shared-settings.js';

/** How the terms become a loss, and what else the objective takes. */
export interface ObjectiveOptions extends LossOptions {
  /** Take the trick apart into mul, exp and add. Defaults to false. */
  readonly composed?: boolean | undefined;
  /** One for each example: needed by a conditional model, refused by another. */
  readonly labels?: Labels | undefined;
  /** What the encoder sees in the place of x, which stays the target: of the shape of x. */
  readonly input?: Tensor | undefined;
  /** The loss of other examples, on average: what the control variate of a score function may take off. Defaults to 0. */
  readonly baseline?: number | undefined;
}

/** The terms of the objective for one batch; all scalars in nats per example, but `klPerDimension`. */
export interface Objective extends VAEOutput, Terms {
  /** What is minimized: reconstruction + beta * KL (with free bits where asked for), or what the objective makes of them. */
  readonly loss: Tensor;
}

const KNOWN = [...Object.keys(elboSchema), 'objective', 'composed', 'labels', 'input', 'baseline'];

/** What the objective of the options makes of the passes that `run` makes. */
function madeOf(
  model: LatentVariableModel,
  x: Tensor,
  run: ObjectivePass['run'],
  { composed: _, input: __, labels, baseline = 0, ...loss }: ObjectiveOptions,
): Objective {
  const made = objectiveFrom(loss, 'objective');
  const ofElbo = (pass: VAEOutput) => withTerms(pass, elboTerms(model, x, pass, { labels }));
  const terms = made.terms?.({ model, x, labels, baseline, run }) ?? ofElbo(run());
  return withLoss(terms, terms, made);
}

const withLoss = (pass: VAEOutput, terms: Terms, { loss }: ObjectiveFunction): Objective =>
  Object.assign(withTerms(pass, terms), { loss: loss(terms).named('loss') });

/**
 * The negative ELBO with the KL weighted by beta: sum over dimensions, mean over the batch and over the samples of z of each
 * example (Kingma & Welling 2014, equation 10); or what another objective makes of the batch.
 * @param x [batch, ...], as many numbers for each example as the model takes
 * @param epsilon [batch, latent], or [samples, batch, latent] for several samples of z for each example
 * @throws RangeError when a setting is out of range, or the likelihood does not take a value of x; ShapeError
 * when shapes do not fit; TypeError for an unknown option, or labels that are missing or of no use.
 */
export function objective(
  model: LatentVariableModel,
  x: Tensor,
  epsilon: Tensor,
  options: ObjectiveOptions = {},
): Objective {
  checkOptions(options, KNOWN, 'objective');
  const { composed, labels, input = x } = options;
  const run = (through?: (z: Tensor) => Tensor) =>
    model.forward(input, epsilon, { composed, labels, through });
  return madeOf(model, x, run, options);
}

/**
 * The objective of a given pass, which may have other values of mean, logvar or z than the model computes.
 * @throws TypeError for an estimator that changes the gradient of z.
 */
export function objectiveOf(
  model: LatentVariableModel,
  x: Tensor,
  pass: VAEOutput,
  options: ObjectiveOptions = {},
): Objective {
  checkOptions(options, KNOWN, 'objective');
  const run = (through?: unknown): VAEOutput => {
    if (through === undefined) return pass;
    throw new TypeError('objectiveOf: this objective runs the model itself; use objective(...)');
  };
  return madeOf(model, x, run, options);
}

/** {@link objectiveOf} the ELBO with a given KL. @param klPerDimension [latent], nats */
export function withKl(
  model: LatentVariableModel,
  x: Tensor,
  pass: VAEOutput,
  klPerDimension: Tensor,
  options: LossOptions = {},
): Objective {
  const terms = namedTerms(reconstructionOf(model, x, pass), klPerDimension);
  return withLoss(pass, terms, objectiveFrom(options, 'objective'));
}

/**
 * Weight of the KL in `epoch` (from 1): rises from 0 in a straight line and stays at `beta` after `epochs`
 * (Bowman et al., "Generating sentences from a continuous space", 2016); `beta` from the start when `epochs` is 0. With a
 * `cycle` it starts at 0 again after so many epochs (Fu et al., "Cyclical annealing schedule", 2019).
 * @throws RangeError when epoch is below 1.
 */
export function klWarmup(
  epoch: number,
  options: { readonly beta?: number; readonly epochs?: number; readonly cycle?: number | null } = {},
): number {
  checkOptions(options, ['beta', 'epochs', 'cycle'], 'klWarmup');
  const { beta = 1, epochs = 0, cycle } = options;
  if (!(epoch >= 1)) throw new RangeError(`klWarmup: epoch is ${epoch}; epochs count from 1`);
  const done = typeof cycle === 'number' ? (epoch - 1) % cycle : epoch - 1;
  return epochs <= 0 ? beta : beta * Math.min(1, done / epochs);
}
