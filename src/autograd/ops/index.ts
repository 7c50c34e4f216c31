export * from './activations.js';
export * from './arithmetic.js';
export type { Axes, AxesOptions } from './axes.js';
export { type CastOptions, cast } from './cast.js';
export * from './compare.js';
export { type CumsumOptions, cumsum } from './cumsum.js';
export { einsum } from './einsum.js';
export * from './exponential.js';
export { type ArgExtremeOptions, argmax, argmin, max, min } from './extremes.js';
export { flip } from './flip.js';
export { type GatherOptions, gather, type ScatterAddOptions, scatterAdd } from './gather.js';
export { concat, stack } from './join.js';
export { type LinearOptions, linear } from './linear.js';
export { type MatmulOptions, matmul } from './matmul.js';
export { type PadOptions, pad } from './pad.js';
export { mean, type ReduceOptions, sum } from './reduce.js';
export { type GradientScale, scaleGradient } from './scale-gradient.js';
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
export { type SliceOptions, slice, type UnsliceOptions, unslice } from './slice.js';
export { logSoftmax, logsumexp, type SoftmaxOptions, softmax } from './softmax.js';
export { type SplitOptions, split } from './split.js';
export { expandDims, squeeze } from './squeeze.js';
export { takeAlongAxis } from './take-along-axis.js';
export { type SolveTriangularOptions, solveTriangular } from './triangular.js';
export * from './trigonometric.js';
export { type VarianceOptions, variance } from './variance.js';
