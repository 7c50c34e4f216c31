import { bernoulli } from '../likelihoods/bernoulli.js';
import { categorical } from '../likelihoods/categorical.js';
import { discretizedLogistic } from '../likelihoods/discretized-logistic.js';
import { gaussian } from '../likelihoods/gaussian.js';
import { poisson } from '../likelihoods/poisson.js';
import { gaussianPosterior } from './diagonal-gaussian.js';
import { label } from './label.js';
import { mlp } from './mlp.js';
import { elbo } from './objective.js';
import { standardNormal } from './standard-normal.js';

/** Every part that comes with the library: who reads files, which may name any of them, keeps bundlers from dropping one. */
export const builtInParts: readonly object[] = [
  mlp,
  gaussianPosterior,
  standardNormal,
  bernoulli,
  gaussian,
  poisson,
  categorical,
  discretizedLogistic,
  label,
  elbo,
];
