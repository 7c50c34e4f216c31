import type { Tensor } from '../../tensor/tensor.js';

/** The terms of the objective that can be differentiated. */
export const probedTerms = ['loss', 'reconstruction', 'kl'] as const;
/** The term that a probe differentiates. */
export type ProbedTerm = (typeof probedTerms)[number];

/** The gradient to check, and how its finite difference is taken. */
export interface SubjectOptions {
  /** Defaults to 'loss'. */
  readonly term?: ProbedTerm;
  /** Weight of the KL in the loss. Defaults to 1. */
  readonly beta?: number;
  /** Use the same epsilon in each evaluation. Defaults to true. Without it the check cannot succeed, which is to be seen. */
  readonly holdEpsilon?: boolean;
  /** Decides which elements and directions are taken, and the noise where epsilon is not held. Defaults to 0. */
  readonly seed?: number;
}

/** The names of those options. */
export const subjectOptions: readonly (keyof SubjectOptions)[] = ['term', 'beta', 'holdEpsilon', 'seed'];

/** Options of {@link probe}. */
export interface ProbeOptions extends SubjectOptions {
  /** Flat indices of elements to differentiate by. */
  readonly elements?: readonly number[];
  /**
   * Additional elements: half of them with the largest gradients, half at random, so that a gradient
   * that is wrongly 0 is found too. Defaults to 12, or to none when `elements` are given.
   */
  readonly count?: number;
  /** Random directions to differentiate along, beside the elements. Defaults to 0. */
  readonly directions?: number;
  /** h of the central difference, times max(1, |x|) for each element. Defaults to 1e-5. */
  readonly step?: number;
  /** Largest relative error accepted. Defaults to 1e-6. */
  readonly tolerance?: number;
}

export type ProbeSettings = Required<Omit<ProbeOptions, keyof SubjectOptions>>;

const whole =
  (min: number) =>
  (x: number): boolean =>
    Number.isSafeInteger(x) && x >= min;

/** @throws RangeError unless `valid`. */
export function need(valid: boolean, who: string, option: string, got: unknown, wanted: string): void {
  if (!valid) throw new RangeError(`${who}: ${option} is ${String(got)}; it must be ${wanted}`);
}

/** @throws RangeError unless a difference can be taken with `step`. */
export function checkStep(who: string, step: number): void {
  need(step > 0 && step < 1, who, 'step', step, 'between 0 and 1');
}

/** @throws RangeError for an index that `at` does not have. */
export function checkElement(who: string, element: number, at: Tensor): void {
  const fits = whole(0)(element) && element < at.size;
  need(fits, who, 'an element', element, `an index from 0 to ${at.size - 1}`);
}

/** Completes the options. @throws RangeError for one out of range. */
export function completeProbe(
  {
    elements = [],
    count = elements.length > 0 ? 0 : 12,
    directions = 0,
    step = 1e-5,
    tolerance = 1e-6,
  }: ProbeOptions,
  at: Tensor,
): ProbeSettings {
  for (const element of elements) checkElement('probe', element, at);
  need(whole(0)(count), 'probe', 'count', count, 'an integer of 0 or more');
  need(whole(0)(directions), 'probe', 'directions', directions, 'an integer of 0 or more');
  checkStep('probe', step);
  need(
    tolerance > 0 && Number.isFinite(tolerance),
    'probe',
    'tolerance',
    tolerance,
    'a finite number above 0',
  );
  return { elements, count, directions, step, tolerance };
}
