export { Bernoulli } from './bernoulli.js';
export { Categorical } from './categorical.js';
export { DiscretizedLogistic } from './discretized-logistic.js';
export { entropyFloor } from './entropy-floor.js';
export { Gaussian, type GaussianOptions } from './gaussian.js';
export { Likelihood } from './likelihood.js';
export { Poisson } from './poisson.js';
