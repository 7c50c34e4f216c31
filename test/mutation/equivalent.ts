import type { Explanations } from './score.js';

/** Mutants that no test can tell from the original. */
export const EQUIVALENT: Explanations = {};
