import { breakCalls } from './break.js';
import { checkCalls } from './check.js';
import { estimatorsCalls } from './estimators.js';
import { fileCalls } from './files.js';
import { inferCalls } from './infer.js';
import { latentCalls } from './latent.js';
import { trainCalls } from './train.js';
import { walkCalls } from './walk.js';

/**
 * Everything that the window can ask, by name: `(lab, args) => result`. A call that is a generator yields parts of its answer.
 * Arguments and results cross to the window, so they are what `postMessage` can carry.
 */
export const calls = {
  ...trainCalls,
  ...latentCalls,
  ...inferCalls,
  ...fileCalls,
  ...walkCalls,
  ...checkCalls,
  ...estimatorsCalls,
  ...breakCalls,
};

export type Calls = typeof calls;
