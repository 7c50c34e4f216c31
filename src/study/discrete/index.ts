export { benchDiscrete, type DiscreteFindings, type DiscreteOptions, type DiscreteReport } from './bench.js';
export { allCodes, BernoulliVae, type BernoulliVaeOptions, trainByEnumeration } from './bernoulli-vae.js';
export { type DetachedRow, detachedGradients } from './detached.js';
export {
  type DiscreteEstimator,
  type DiscretePoint,
  discretePoint,
  discreteScore,
  drawEstimates,
  exactGradient,
  relaxation,
} from './estimators.js';
