/** What `pathwise` exports of this folder and the rooms below: all but the tools that look at gradients, which have entries of their own. */
export { backend, setBackend } from '../device/current.js';
export type { BackendName, Device } from '../device/device.js';
export { noGrad } from './apply.js';
export { type BackwardOptions, backward, Gradients } from './backward.js';
export { createOp, defineOp, registeredOps } from './define-op.js';
export { defineUpdate, type UpdateFunction, type UpdateSpec, type UpdateTarget } from './define-update.js';
export type { Dimension, Domain, DomainCase, DomainSpec, InputRange, Sizes } from './domain.js';
export { fuse } from './fuse.js';
export { grad, hessianVectorProduct, type ScalarFunctionOf, valueAndGrad } from './grad.js';
export type {
  Arity,
  Body,
  BodySpec,
  KernelSpec,
  Op,
  OpDescription,
  Operand,
  Operands,
  OpFunction,
  OpOptions,
  OpSpec,
  Rule,
  RuleOrConstant,
  Rules,
  Saved,
  SavedPart,
  Scalars,
} from './op.js';
export * from './ops/index.js';
export { Random } from './ops/random.js';
export { allFinite, allWithin } from './ops/within.js';
export { anyShape, broadcast, broadcasting, same } from './shape-rules.js';
export { variable } from './variable.js';
