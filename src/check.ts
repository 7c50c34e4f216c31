/**
 * Gradient checks: any function's gradients against central differences in float64, and a VAE's with respect to every parameter.
 * @packageDocumentation
 */
export * from './autograd/gradcheck/index.js';
export * from './vae/checks.js';
