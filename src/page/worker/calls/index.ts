import { breakCalls } from './break.js';
import { checkCalls } from './check.js';
import { digitCalls } from './digit.js';
import { estimatorsCalls } from './estimators.js';
import { fileCalls } from './files.js';
import { latentCalls } from './latent.js';
import { stepCalls } from './step.js';
import { trainCalls } from './train.js';

/** Everything the window can ask, by name: `(lab, args) => result`, or a generator that hands out parts on its way. */
export const calls = {
  ...trainCalls,
  ...latentCalls,
  ...digitCalls,
  ...fileCalls,
  ...stepCalls,
  ...checkCalls,
  ...estimatorsCalls,
  ...breakCalls,
};
