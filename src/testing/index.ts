export { type OpCase, type OpLike, opCases } from './arbitraries.js';
export type { OpSample } from './draw.js';
export { type MutantOptions, type MutatedOp, type MutationKind, mutants } from './mutants.js';
export {
  describeOp,
  type OpProperty,
  opProperties,
  type PropertyKind,
  type PropertyOptions,
  type PropertyResult,
  type TestRunner,
} from './properties.js';
