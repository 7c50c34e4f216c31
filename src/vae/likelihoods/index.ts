export { Bernoulli, bernoulliLikelihood } from './bernoulli.js';
export { Categorical, categoricalLikelihood } from './categorical.js';
export { DiscretizedLogistic, discretizedLogisticLikelihood } from './discretized-logistic.js';
export { entropyFloor } from './entropy-floor.js';
export { Gaussian, type GaussianOptions, gaussianLikelihood } from './gaussian.js';
export { defineLikelihood, Likelihood, type LikelihoodContext } from './likelihood.js';
export { Poisson, poissonLikelihood } from './poisson.js';
