/**
 * Gradient checks: any function's gradients against central differences in float64, and a VAE's with respect to every parameter.
 * @packageDocumentation
 */
export * from './autograd/gradcheck/index.js';
export { checkedTerms, checkVae, type VaeCheck, type VaeCheckOptions } from './vae/check.js';
export { kinkDistance } from './vae/kink-distance.js';
export { withParameters } from './vae/with-parameters.js';
