import {
  choice,
  type Given,
  integer,
  list,
  number,
  optional,
  toggle,
  type Values,
} from '../../nn/schema/index.js';
import type { Tensor } from '../../tensor/tensor.js';
import { weightsSchema } from '../../vae/shared-settings.js';

/** The terms of the objective that can be differentiated. */
export const probedTerms = ['loss', 'reconstruction', 'kl'] as const;
/** The term that a probe differentiates. */
export type ProbedTerm = (typeof probedTerms)[number];

/** The gradient to check, and how its finite difference is taken. */
export const subjectSchema = {
  /** Defaults to 'loss'. */
  term: choice(probedTerms, { default: 'loss', help: 'the term that is differentiated' }),
  beta: weightsSchema.beta,
  /** Use the same epsilon in each evaluation. Defaults to true. Without it the check cannot succeed, which is to be seen. */
  holdEpsilon: toggle({ default: true, help: 'use the same epsilon in each evaluation' }),
  /** Decides which elements and directions are taken, and the noise where epsilon is not held. Defaults to 0. */
  seed: integer({ min: 0, default: 0, help: 'decides elements, directions and noise' }),
};
/** The gradient to check, and how its finite difference is taken. */
export interface SubjectOptions extends Given<typeof subjectSchema> {}

/** The settings of a probe. */
export const probeSchema = {
  ...subjectSchema,
  /** Flat indices of elements to differentiate by. */
  elements: list(integer({ help: 'a flat index' }), { default: [], help: 'flat indices of elements' }),
  /**
   * Additional elements: half of them with the largest gradients, half at random, so that a gradient
   * that is wrongly 0 is found too. Defaults to 12, or to none when `elements` are given.
   */
  count: optional(integer({ min: 0, help: 'additional elements' })),
  /** Random directions to differentiate along, beside the elements. Defaults to 0. */
  directions: integer({ min: 0, default: 0, help: 'random directions' }),
  /** h of the central difference, times max(1, |x|) for each element. Defaults to 1e-5. */
  step: number({ default: 1e-5, help: 'h of the central difference' }),
  /** Largest relative error accepted. Defaults to 1e-6. */
  tolerance: number({ above: 0, default: 1e-6, help: 'largest relative error accepted' }),
};
/** Options of a probe. */
export interface ProbeOptions extends Given<typeof probeSchema> {}
export type ProbeSettings = Values<typeof probeSchema>;

/** @throws RangeError unless a difference can be taken with `step`. */
export function checkStep(who: string, step: number): void {
  if (step > 0 && step < 1) return;
  throw new RangeError(`${who}: step is ${step}; it must be between 0 and 1`);
}

/** @throws RangeError for an index that `at` does not have. */
export function checkElement(who: string, element: number, at: Tensor): void {
  if (Number.isSafeInteger(element) && element >= 0 && element < at.size) return;
  throw new RangeError(`${who}: an element is ${element}; it must be an index from 0 to ${at.size - 1}`);
}
