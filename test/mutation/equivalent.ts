import type { Explanations } from './score.js';

/** Mutants that no test can tell from the original. */
export const EQUIVALENT: Explanations = {
  'src/nn/clip.ts': [
    {
      line: 'if (!Number.isFinite(norm)) checkFinite(parameters, found);',
      mutants: ['!Number.isFinite(norm) -> true'],
      reason: 'of a finite norm every element is finite, and the check finds nothing',
    },
  ],
  'src/vae/kink-distance.ts': [
    {
      line: 'if (other.done === true) break;',
      mutants: ['other.done === true -> false'],
      reason: 'both graphs are of the same ops, so that one has as many kinks as the other',
    },
  ],
};
