/** What `pathwise/vae` exports of this folder: all but the gradient checks, which are in `pathwise/check`. */

export type { Dataset } from '../data/dataset.js';
export type { MomentsState } from './column-moments.js';
export {
  completeConfig,
  type GivenConfig,
  type PresetName,
  presetNames,
  presetShape,
  presets,
  type VAEConfig,
} from './config.js';
export {
  type Denoised,
  type DenoiseOptions,
  type DenoisingError,
  denoise,
  denoisingErrors,
} from './denoise.js';
export { type Evaluation, type EvaluationOptions, evaluate } from './evaluate.js';
export {
  decode,
  encode,
  generate,
  type InterpolateOptions,
  interpolate,
  interpolateCodes,
  reconstruct,
  styles,
} from './explore.js';
export { gaussianKl, klPerDimension, klTerm } from './kl.js';
export * from './likelihoods/index.js';
export {
  type MarginalOptions,
  type MarginalProgress,
  marginalLikelihood,
  marginalLikelihoodParts,
} from './marginal/marginal-likelihood.js';
export type { Estimate, MarginalLikelihood, MarginalState } from './marginal/measures.js';
export type { Decoder, Encoder, ForwardOptions, LatentVariableModel, VAEOutput } from './model.js';
export { klWarmup, type Objective, type ObjectiveOptions, objective, objectiveOf } from './objective.js';
export * from './parts/index.js';
export { reparameterize, reparameterizeComposed, standardDeviation } from './reparameterize.js';
export { softBound } from './soft-bound.js';
export type { VAEParts, VAESpec } from './spec.js';
export * from './training/index.js';
export { VAE, type VAEOptions } from './vae.js';
