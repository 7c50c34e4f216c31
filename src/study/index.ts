/**
 * Pathwise, the study library: what the reparameterization trick does to a gradient, in numbers.
 * @packageDocumentation
 */
export { copyModel } from './copy-model.js';
export * from './discrete/index.js';
export * from './estimators/index.js';
export * from './sandbox/index.js';
