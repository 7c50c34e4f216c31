import type { Handlers } from '../lab.js';
import { breakCalls } from './break.js';
import { checkCalls } from './check.js';
import { estimatorsCalls } from './estimators.js';
import { fileCalls } from './files.js';
import { inferCalls } from './infer.js';
import { latentCalls } from './latent.js';
import { trainCalls } from './train.js';
import { walkCalls } from './walk.js';

export const calls: Handlers = {
  ...trainCalls,
  ...latentCalls,
  ...inferCalls,
  ...fileCalls,
  ...walkCalls,
  ...checkCalls,
  ...estimatorsCalls,
  ...breakCalls,
};
