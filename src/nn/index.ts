export * from '../autograd/ops/images.js';
export * from './activations.js';
export { bernoulliNll } from './bernoulli.js';
export {
  BatchNorm2d,
  type BatchNormLayerOptions,
  GroupNorm,
  type GroupNormLayerOptions,
} from './channel-norms.js';
export { type Clipped, clipGradientsByNorm } from './clip.js';
export {
  Conv1d,
  type Conv1dOptions,
  Conv2d,
  type Conv2dOptions,
  ConvTranspose2d,
  type ConvTranspose2dOptions,
} from './convolution.js';
export { accuracy, crossEntropy, type Labels } from './cross-entropy.js';
export { Dense, type DenseOptions } from './dense.js';
export { Dropout, Dropout2d, type DropoutOptions } from './dropout.js';
export { Embedding, type EmbeddingOptions } from './embedding.js';
export { Flatten, Reshape } from './flatten.js';
export * as init from './init.js';
export { LayerNorm, type LayerNormOptions } from './layer-norm.js';
export {
  binaryCrossEntropyWithLogits,
  type GaussianScale,
  gaussianNll,
  squaredError,
  squaredErrorWithLogits,
  sumPerExample,
} from './losses.js';
export { Layer, LinearLayer, Module } from './module.js';
export { Adam, type AdamBuffers, type AdamOptions, AdamW } from './optim/adam.js';
export {
  type Buffers,
  type GradientSource,
  Optimizer,
  type ParameterSource,
  type StepOptions,
  type Update,
} from './optim/optimizer.js';
export { SGD, type SGDOptions, type SgdBuffers } from './optim/sgd.js';
export { AvgPool2d, MaxPool2d, Upsample } from './resample.js';
export { Residual } from './residual.js';
export * as schedules from './schedules.js';
export * as schema from './schema/setting.js';
export { Sequential } from './sequential.js';
export { sigmoidSquaredError } from './sigmoid-squared-error.js';
export { type LoadOptions, type LoadReport, StateError } from './state.js';
