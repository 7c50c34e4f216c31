export {
  type CheckResult,
  type CheckRow,
  type CheckSubject,
  checking,
  MAX_ERRORS,
  runCheck,
} from './checks/index.js';
export { compareGradients, type GradientPair, TERMS, type Term } from './gradients.js';
export { brokenObjective, type Mutation, mutationOf, mutations } from './mutations.js';
export type { Pictures } from './pictures.js';
export {
  type BreakPart,
  type BreakReport,
  collect,
  EMPTY,
  RUNS,
  type RunName,
  type RunReport,
  withPart,
} from './report.js';
export { type BreakOptions, type BreakSubject, breaking, runBreak } from './run.js';
export type { TestPoint } from './runner.js';
export { rightTrick, type Trick, type TrickOptions, trickObjective, trickObjectiveOf } from './trick.js';
export {
  CHECKS,
  type CheckDescription,
  type CheckName,
  checks,
  MUTATIONS,
  type MutationName,
  type MutationWords,
  mutationWords,
} from './words.js';
