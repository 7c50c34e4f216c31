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
  'src/vae/kl.ts': [
    {
      line: 'return sum(freeBits > 0 ? maximum(perDimension, freeBits) : perDimension);',
      mutants: ['freeBits > 0 -> true', 'freeBits > 0 -> freeBits >= 0'],
      reason: 'a KL is its own maximum with 0, and where it is 0 so is its gradient',
    },
  ],
};
