/**
 * Gradient checks: any function's gradients against central differences in float64, and a VAE's with respect to every parameter.
 * @packageDocumentation
 */
export * from './autograd/gradcheck/index.js';
export { checkedTerms, checkVae, type VaeCheck, type VaeCheckOptions } from './vae/check.js';
export { checkParts, type PartsCheck, type PartsCheckOptions } from './vae/check-parts.js';
export { kinkDistance, kinksCrossed } from './vae/kink-distance.js';
export {
  type InnerNode,
  innerNodes,
  type ObjectiveBy,
  type ObjectivePoint,
  objectiveBy,
} from './vae/objective-by.js';
export { withParameters } from './vae/with-parameters.js';
