export { checkedTerms, checkVae, type VaeCheck, type VaeCheckOptions } from './check.js';
export * from './core.js';
export { kinkDistance } from './kink-distance.js';
export { withParameters } from './with-parameters.js';
