import { mean as meanOver, variable } from '../../autograd/index.js';
import { needsGradient } from '../../autograd/node.js';
import { ShapeError } from '../../tensor/errors.js';
import { checkOptions } from '../../tensor/known-options.js';
import { formatShape, sameShape } from '../../tensor/shape.js';
import type { Tensor } from '../../tensor/tensor.js';
import { gaussianKl } from '../../vae/kl.js';
import type { LatentVariableModel } from '../../vae/model.js';
import { type Objective, type ObjectiveOptions, withKl } from '../../vae/objective.js';
import type { Posterior } from '../../vae/parts/posterior.js';
import { reparameterize } from '../../vae/reparameterize.js';

/** The two parts of a VAE's objective that make up the trick; a mutation gets one of them wrong. */
export interface Trick {
  /** The sample of q(z | x), from mean, logvar and epsilon of one shape. */
  sample(mean: Tensor, logvar: Tensor, epsilon: Tensor): Tensor;
  /** KL from the prior for each element, in nats. */
  kl(mean: Tensor, logvar: Tensor): Tensor;
}

/** Both as in the library's objective. */
export const rightTrick: Trick = {
  sample: (mean, logvar, epsilon) => reparameterize(mean, logvar, epsilon),
  kl: (mean, logvar) => gaussianKl(mean, logvar),
};

/** Only the weight of the KL can be chosen. */
export type TrickOptions = Pick<ObjectiveOptions, 'beta'>;

/**
 * The objective with the given trick. With the right one it is `objectiveOf`, bit for bit.
 * @param x [batch, features]
 * @param posterior mean and logvar, [batch, latent]
 * @param epsilon [batch, latent]
 * @throws ShapeError when shapes do not fit.
 */
export function trickObjectiveOf(
  trick: Trick,
  vae: LatentVariableModel,
  x: Tensor,
  posterior: Posterior,
  epsilon: Tensor,
  options: TrickOptions = {},
): Objective {
  checkOptions(options, ['beta'], 'trickObjective');
  const { mean, logvar } = posterior;
  if (!sameShape(epsilon.shape, mean.shape)) {
    throw new ShapeError(
      `trickObjective: epsilon is ${formatShape(epsilon.shape)}; it must be ${formatShape(mean.shape)}, [batch, latent]`,
    );
  }
  const sampled = trick.sample(mean, logvar, epsilon);
  // A sample detached from mean and logvar still gets a gradient, to be shown.
  const z = (needsGradient(sampled) ? sampled : variable(sampled)).named('z');
  const pass = { mean, logvar, z, output: vae.decode(z) };
  return withKl(vae, x, pass, meanOver(trick.kl(mean, logvar), { axes: 0 }), options);
}

/** {@link trickObjectiveOf} at the model's posterior, as `objective` computes it. */
export function trickObjective(
  trick: Trick,
  vae: LatentVariableModel,
  x: Tensor,
  epsilon: Tensor,
  options: TrickOptions = {},
): Objective {
  return trickObjectiveOf(trick, vae, x, vae.encode(x), epsilon, options);
}
