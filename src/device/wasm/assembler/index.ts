/** Instructions, by what they work on. Kernels import a group from its own file, so that bundlers drop unused groups. */
export * as f32 from './f32.js';
export * as f32x4 from './f32x4.js';
export * as f64x2 from './f64x2.js';
export { advance, countUp, type Local, type Locals, repeatWhile, when } from './function.js';
export * as i32 from './i32.js';
export * as i32x4 from './i32x4.js';
export * as i64x2 from './i64x2.js';
export {
  defineFunction,
  type EncodedFunction,
  encodeModule,
  type FunctionBody,
  type MemoryLimits,
} from './module.js';
export * as v128 from './v128.js';
export type {
  Code,
  F32,
  I32,
  Integer,
  Register,
  Statement,
  V128,
  Value,
  ValueType,
} from './values.js';
export * as widen from './widen.js';
