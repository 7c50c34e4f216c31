/** What `pathwise` exports of this folder: all but file formats. */
export { allClose, type Closeness, equal, maxDifference } from './compare.js';
export {
  arange,
  bernoulli,
  type DTypeOption,
  eye,
  full,
  normal,
  ones,
  type TensorOptions,
  tensor,
  uniform,
  zeros,
} from './create.js';
export type { DType, TensorData } from './dtype.js';
export { DTypeError, ShapeError } from './errors.js';
export {
  type Kernel,
  map1,
  map2,
  map3,
  type ScalarFunction3,
  type ScalarFunctionWith,
} from './kernels/elementwise.js';
export type { ScalarFunction, ScalarFunction2 } from './math/scalar-function.js';
export { OutOfMemoryError, StaleTensorError } from './memory/errors.js';
export { type MemoryUse, memoryUse } from './memory/memory.js';
export { scope } from './memory/scope.js';
export { type OneHotOptions, oneHot } from './one-hot.js';
export { configure, type EngineOptions, readOptions } from './options.js';
export { RandomStream } from './random/index.js';
export { broadcastShapes, type Shape } from './shape.js';
export { type NestedNumbers, Tensor } from './tensor.js';
