/** What `pathwise/check` exports of this folder. */

export { withParameters } from '../nn/with-parameters.js';
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
