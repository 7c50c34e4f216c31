export { checkedTerms, checkVae, type VaeCheck, type VaeCheckOptions } from './check.js';
export {
  completeConfig,
  type PresetName,
  presets,
  type VAEConfig,
} from './config.js';
export type { Dataset } from './dataset.js';
export { type Evaluation, type EvaluationOptions, evaluate } from './evaluate.js';
export {
  decode,
  encode,
  generate,
  type InterpolateOptions,
  interpolate,
  interpolateCodes,
  reconstruct,
} from './explore.js';
export { kinkDistance, kinksCrossed } from './kink-distance.js';
export { gaussianKl, klPerDimension, klTerm } from './kl.js';
export { Bernoulli, entropyFloor, Gaussian, Likelihood } from './likelihood.js';
export { klWarmup, type Objective, type ObjectiveOptions, objective, objectiveOf } from './objective.js';
export {
  type InnerNode,
  innerNodes,
  type ObjectiveBy,
  type ObjectivePoint,
  objectiveBy,
} from './objective-by.js';
export { reparameterize, reparameterizeComposed, standardDeviation } from './reparameterize.js';
export { softBound } from './soft-bound.js';
export * from './training/index.js';
export { type Posterior, VAE, type VAEOptions, type VAEOutput } from './vae.js';
export { withParameters } from './with-parameters.js';
