/** Ops of images and signals. `pathwise/nn` exports them, so that all of `pathwise` stays small. */
export {
  type Convolution1dOptions,
  type ConvolutionFunction,
  type ConvolutionOptions,
  type ConvTransposeOptions,
  conv1d,
  conv2d,
  conv2dWeightGradient,
  convTranspose2d,
  type WeightGradientOptions,
} from './convolution.js';
export { type BatchNormOptions, batchNorm, type GroupNormOptions, groupNorm } from './normalize.js';
export { type AvgPoolOptions, avgPool2d, maxPool2d, type PoolOptions } from './pool.js';
export { type FoldOptions, fold, type UnfoldOptions, unfold } from './unfold.js';
export { type UpsampleOptions, upsample } from './upsample.js';
export type { Padding, Pair, PerAxis, TransposedWindowOptions, WindowOptions } from './windows.js';
