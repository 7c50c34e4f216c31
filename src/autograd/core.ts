/** What `pathwise` exports of this folder: all but the tools that look at gradients, which have entries of their own. */
export { noGrad } from './apply.js';
export { type BackwardOptions, backward, Gradients } from './backward.js';
export { createOp, defineOp, registeredOps } from './define-op.js';
export type { Dimension, Domain, DomainCase, DomainSpec, InputRange, Sizes } from './domain.js';
export { fuse } from './fuse.js';
export { grad, hessianVectorProduct, type ScalarFunctionOf, valueAndGrad } from './grad.js';
export type {
  Arity,
  Op,
  Operand,
  Operands,
  OpFunction,
  OpSpec,
  Rule,
  RuleOrConstant,
  Rules,
  Saved,
  SavedPart,
} from './op.js';
export { anyShape, broadcast, broadcasting, same } from './ops/common.js';
export * from './ops/index.js';
export { variable } from './variable.js';
