export { type Audit, audit } from './audit.js';
export type { Equivalent, Weights } from './beta.js';
export {
  completeDescription,
  type GivenDescription,
  LIKELIHOODS,
  type LossDescription,
  lossSchema,
  REDUCTIONS,
  type Reduction,
} from './description.js';
export { type Loss, lossOf, type Sample } from './loss-of.js';
export { type AuditLossOptions, auditLoss, type MeasuredAudit } from './measure.js';
export { RECONSTRUCTIONS, type ReconstructionName } from './probe.js';
export type { Sampling } from './sampling.js';
export { ANCHORS, type Link, WALKTHROUGH, WARNINGS, type Warning, type WarningName } from './warnings.js';
