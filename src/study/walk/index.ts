export { type Arrow, arrowsOf } from './arrows.js';
export { chooseEpsilon } from './epsilon.js';
export {
  type EpsilonChoice,
  type EpsilonEdit,
  FROZEN,
  formatEpsilon,
  parseEpsilon,
  withEdit,
} from './epsilon-text.js';
export {
  digitsOf,
  type ExplainOptions,
  type Explanation,
  explain,
  formulasOf,
  type Statement,
} from './explain.js';
export { FOLDABLE, type Foldable, type ShownNode, shownNodes } from './fold.js';
export {
  type Consumer,
  GROUPS,
  type Group,
  nodeAt,
  TRICK_MODES,
  type TrickMode,
  type Walk,
  type WalkNode,
} from './node.js';
export { type WalkOptions, walk } from './walk.js';
