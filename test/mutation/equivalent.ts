import type { Explanations } from './score.js';

/** Mutants that no test can tell from the original. */
export const EQUIVALENT: Explanations = {
  'src/vae/kink-distance.ts': [
    {
      line: 'if (other.done === true) break;',
      mutants: ['other.done === true -> false'],
      reason: 'both graphs are of the same ops, so that one has as many kinks as the other',
    },
  ],
};
