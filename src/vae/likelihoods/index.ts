export { Bernoulli, bernoulli } from './bernoulli.js';
export { Categorical, categorical } from './categorical.js';
export { DiscretizedLogistic, discretizedLogistic } from './discretized-logistic.js';
export { entropyFloor } from './entropy-floor.js';
export { Gaussian, type GaussianOptions, gaussian } from './gaussian.js';
export { defineLikelihood, Likelihood, type LikelihoodContext } from './likelihood.js';
export { Poisson, poisson } from './poisson.js';
