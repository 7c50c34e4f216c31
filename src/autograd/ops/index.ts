export * from './activations.js';
export * from './arithmetic.js';
export type { Axes, AxesOptions } from './axes.js';
export { type CastOptions, cast } from './cast.js';
export * from './compare.js';
export * from './exponential.js';
export { concat, stack } from './join.js';
export { type LinearOptions, linear } from './linear.js';
export { type MatmulOptions, matmul } from './matmul.js';
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
export * from './trigonometric.js';
