import { bernoulliLikelihood } from '../likelihoods/bernoulli.js';
import { categoricalLikelihood } from '../likelihoods/categorical.js';
import { discretizedLogisticLikelihood } from '../likelihoods/discretized-logistic.js';
import { gaussianLikelihood } from '../likelihoods/gaussian.js';
import { poissonLikelihood } from '../likelihoods/poisson.js';
import { conditionalPrior } from './conditional-prior.js';
import { convDecoder, convEncoder } from './conv.js';
import { gaussianPosterior } from './diagonal-gaussian.js';
import { elbo } from './elbo.js';
import { flowPosterior } from './flow.js';
import { fullGaussianPosterior } from './full-gaussian.js';
import { iwae } from './importance.js';
import { label } from './label.js';
import { mixturePrior, vampPrior } from './mixture.js';
import { mlp } from './mlp.js';
import { standardNormal } from './standard-normal.js';

const parts = [
  mlp,
  convEncoder,
  convDecoder,
  gaussianPosterior,
  fullGaussianPosterior,
  flowPosterior,
  standardNormal,
  mixturePrior,
  vampPrior,
  conditionalPrior,
  bernoulliLikelihood,
  gaussianLikelihood,
  poissonLikelihood,
  categoricalLikelihood,
  discretizedLogisticLikelihood,
  label,
  elbo,
  iwae,
];

/**
 * Sees to it that every part of the library is registered: bundlers drop those that nobody refers to, but a file may name any.
 * @returns how many there are
 */
export const registerBuiltInParts = (): number => parts.length;
