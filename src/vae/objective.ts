import { mean as meanOver, sub, sum } from '../autograd/index.js';
import { checkOptions } from '../tensor/known-options.js';
import type { Tensor } from '../tensor/tensor.js';
import type { LatentVariableModel, VAEOutput } from './model.js';
import type { Labels } from './parts/condition.js';
import { type LossOptions, lossBy, type Terms } from './parts/objective.js';
import { weightsSchema } from './shared-settings.js';

/** How the terms become a loss, and what else the objective takes. */
export interface ObjectiveOptions extends LossOptions {
  /** Take the trick apart into mul, exp and add. Defaults to false. */
  readonly composed?: boolean | undefined;
  /** One for each example: needed by a conditional model, refused by another. */
  readonly labels?: Labels | undefined;
}

/** The terms of the objective for one batch; all scalars in nats per example, but `klPerDimension`. */
export interface Objective extends VAEOutput, Terms {
  /** What is minimized: reconstruction + beta * KL (with free bits where asked for), or what the objective makes of them. */
  readonly loss: Tensor;
}

const KNOWN = [...Object.keys(weightsSchema), 'objective', 'composed', 'labels'];

/**
 * The negative ELBO with the KL weighted by beta: sum over dimensions, mean over the batch, one sample of z each
 * (Kingma & Welling 2014, equation 10).
 * @param x [batch, ...], as many numbers for each example as the model takes
 * @param epsilon [batch, latent]
 * @throws RangeError when beta or freeBits is negative or not finite, or the likelihood does not take a value of x; ShapeError
 * when shapes do not fit; TypeError for an unknown option, or labels that are missing or of no use.
 */
export function objective(
  model: LatentVariableModel,
  x: Tensor,
  epsilon: Tensor,
  options: ObjectiveOptions = {},
): Objective {
  checkOptions(options, KNOWN, 'objective');
  const { composed, labels } = options;
  return objectiveOf(model, x, model.forward(x, epsilon, { composed, labels }), options);
}

/** log q - log p as terms to be summed: of each dimension where both come apart, else whole. */
export function logRatio(q: Tensor, p: Tensor): Tensor {
  if (q.shape[q.rank - 1] === p.shape[p.rank - 1]) return sub(q, p);
  const whole = (terms: Tensor): Tensor => sum(terms, { axes: -1, keepDims: true });
  return sub(whole(q), whole(p));
}

/** The objective of a given pass, which may have other values of mean, logvar or z than the model computes. */
export function objectiveOf(
  model: LatentVariableModel,
  x: Tensor,
  pass: VAEOutput,
  options: ObjectiveOptions = {},
): Objective {
  const { posterior = pass, z } = pass;
  const klOfEach =
    model.prior.kl(posterior, model.posterior, options.labels) ??
    logRatio(model.posterior.logDensity(posterior, z), model.prior.logDensity(z, options.labels));
  return withKl(model, x, pass, meanOver(klOfEach, { axes: 0 }), options);
}

/** {@link objectiveOf} with a given KL. @param klPerDimension [latent], nats */
export function withKl(
  model: Pick<LatentVariableModel, 'likelihood' | 'rows'>,
  x: Tensor,
  pass: VAEOutput,
  klPerDimension: Tensor,
  options: ObjectiveOptions = {},
): Objective {
  checkOptions(options, KNOWN, 'objective');
  const { posterior = pass, mean, logvar, z, output } = pass;
  const reconstruction = model.likelihood.reconstruction(output, model.rows(x)).named('reconstruction');
  const kl = sum(klPerDimension.named('kl per dimension')).named('kl');
  const { beta, freeBits, objective } = options;
  const loss = lossBy({ beta, freeBits, objective }, 'objective')({ reconstruction, kl, klPerDimension });
  return { posterior, mean, logvar, z, output, loss: loss.named('loss'), reconstruction, kl, klPerDimension };
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
