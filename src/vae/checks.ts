/** What `pathwise/check` exports of this folder. */
export { checkedTerms, checkVae, type VaeCheck, type VaeCheckOptions } from './check.js';
export { checkParts, type PartsCheck, type PartsCheckOptions } from './check-parts.js';
export { kinkDistance, kinksCrossed } from './kink-distance.js';
export {
  type InnerNode,
  innerNodes,
  type ObjectiveBy,
  type ObjectivePoint,
  objectiveBy,
} from './objective-by.js';
export { withParameters } from './with-parameters.js';
