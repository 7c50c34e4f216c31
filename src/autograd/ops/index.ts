export * from './activations.js';
export * from './arithmetic.js';
export type { Axes, AxesOptions } from './axes.js';
export { type CastOptions, cast } from './cast.js';
export * from './compare.js';
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
export { type CumsumOptions, cumsum } from './cumsum.js';
export { einsum } from './einsum.js';
export * from './exponential.js';
export { type ArgExtremeOptions, argmax, argmin, min } from './extremes.js';
export { flip } from './flip.js';
export { concat, stack } from './join.js';
export { type LinearOptions, linear } from './linear.js';
export { type MatmulOptions, matmul } from './matmul.js';
export { type BatchNormOptions, batchNorm, type GroupNormOptions, groupNorm } from './normalize.js';
export { type PadOptions, pad } from './pad.js';
export { type AvgPoolOptions, avgPool2d, maxPool2d, type PoolOptions } from './pool.js';
export { max, mean, type ReduceOptions, sum } from './reduce.js';
export * from './select.js';
export {
  alias,
  broadcastTo,
  reshape,
  type ShapeAttribute,
  stopGradient,
  type TransposeOptions,
  transpose,
} from './shape.js';
export {
  type GatherOptions,
  gather,
  type ScatterAddOptions,
  type SliceOptions,
  scatterAdd,
  slice,
  type UnsliceOptions,
  unslice,
} from './slice.js';
export { logSoftmax, logsumexp, type SoftmaxOptions, softmax } from './softmax.js';
export { type SplitOptions, split } from './split.js';
export { expandDims, squeeze } from './squeeze.js';
export { takeAlongAxis } from './take-along-axis.js';
export * from './trigonometric.js';
export { type FoldOptions, fold, type UnfoldOptions, unfold } from './unfold.js';
export { type UpsampleOptions, upsample } from './upsample.js';
export { type VarianceOptions, variance } from './variance.js';
export type { Padding, Pair, PerAxis, TransposedWindowOptions, WindowOptions } from './windows.js';
