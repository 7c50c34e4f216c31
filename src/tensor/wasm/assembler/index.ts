export { f64x2, i64x2 } from './doubles.js';
export { countUp, type Local, type Locals, repeatWhile, when } from './function.js';
export {
  defineFunction,
  type EncodedFunction,
  encodeModule,
  type FunctionSpec,
  type MemoryLimits,
} from './module.js';
export {
  type F32,
  f32,
  f32x4,
  type I32,
  i32,
  i32x4,
  type Statement,
  type V128,
  type Value,
  type ValueType,
  v128,
} from './values.js';
export { widen } from './widen.js';
