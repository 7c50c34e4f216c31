/**
 * Pathwise, the study library: what the reparameterization trick does to a gradient, in numbers.
 * @packageDocumentation
 */
export { copyModel } from './copy-model.js';
export * from './probe/index.js';
