/**
 * Pathwise, the study library: what the reparameterization trick does to a gradient, in numbers.
 * @packageDocumentation
 */
export * from './audit/index.js';
export * from './break/index.js';
export { type ByOrigin, byOrigin, ORIGINS, type Origin } from './by-origin.js';
export * from './discrete/index.js';
export * from './estimators/index.js';
export * from './ledger/index.js';
export { backwardByOrigin, termsOf } from './origins.js';
export * from './probe/index.js';
export * from './reports/index.js';
export * from './sandbox/index.js';
export * from './walk/index.js';
