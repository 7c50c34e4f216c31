/**
 * Pathwise, the study library: what the reparameterization trick does to a gradient, in numbers.
 * @packageDocumentation
 */
export * from './audit/index.js';
export * from './break/index.js';
export { copyModel } from './copy-model.js';
