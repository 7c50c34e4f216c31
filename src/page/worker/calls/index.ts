import { breakCalls } from './break.js';
import { digitCalls } from './digit.js';
import { latentCalls } from './latent.js';
import { trainCalls } from './train.js';

/** Everything the window can ask, by name: `(lab, args) => result`, or a generator that hands out parts on its way. */
export const calls = { ...breakCalls, ...trainCalls, ...latentCalls, ...digitCalls };
