import { formatError, formatNumber } from '../../tensor/format.js';
import type { ProbeEntry } from './difference.js';
import type { Subject } from './subject.js';

/**
 * The result of a probe. 'agrees': every derivative does. 'step': the gradient is right, but agrees only at another step.
 * 'kink': likewise, and the step crosses a kink of an activation. 'noise': two evaluations at one point differ.
 * 'wrong': no step makes it agree.
 */
export type Verdict = 'agrees' | 'step' | 'kink' | 'noise' | 'wrong';

/** A derivative that does not agree, and the nearest difference. */
export interface Disagreement {
  readonly entry: ProbeEntry;
  readonly best: ProbeEntry;
}

/** `element [0, 1]`, or `direction 3`. */
export const placeOf = ({ index, direction }: ProbeEntry): string =>
  index === null ? `direction ${direction}` : `element [${index.join(', ')}]`;

export function noiseMessage({ name, term, twice: [a, b] }: Subject, step: number): string {
  return (
    `Epsilon is drawn anew at each evaluation, so the ${term} is not a function of ${name} any more: at the same ` +
    `point it gave ${formatNumber(a, 6)} and ${formatNumber(b, 6)} nats. A central difference divides the difference between two draws, not the effect of a ` +
    `displacement of ${formatError(step)}, by ${formatError(2 * step)}. Hold epsilon: the trick makes the noise an input, and then ` +
    'there is a derivative to check.'
  );
}

export function agreesMessage(
  { name, term }: Subject,
  entries: readonly ProbeEntry[],
  tolerance: number,
): string {
  const worst = entries.reduce((max, { error }) => Math.max(max, error), 0);
  const count = `${entries.length} derivative${entries.length === 1 ? '' : 's'}`;
  return (
    `The gradient of the ${term} with respect to ${name} agrees with central differences: ${count}, ` +
    `worst relative error ${formatError(worst)} (allowed ${formatError(tolerance)}).`
  );
}

/** Explains a disagreement by the derivative that is furthest off. */
export function disagreement(
  { name, term }: Subject,
  failed: readonly Disagreement[],
  total: number,
  tolerance: number,
): { readonly verdict: 'step' | 'kink' | 'wrong'; readonly message: string } {
  const wrong = failed.filter(({ best }) => best.error > tolerance);
  const [{ entry, best }] = [...(wrong.length > 0 ? wrong : failed)].sort(
    (a, b) => b.entry.error - a.entry.error,
  );
  const count = wrong.length > 0 ? wrong.length : failed.length;
  const numbers =
    `${count} of ${total} derivatives of the ${term} with respect to ${name} differ; ${placeOf(entry)}: analytic ` +
    `${formatNumber(entry.analytic, 6)}, numeric ${formatNumber(entry.numeric, 6)}, relative error ${formatError(entry.error)} (allowed ${formatError(tolerance)}).`;
  if (wrong.length > 0) {
    const message =
      `${numbers} No step makes it agree (the nearest is off by ${formatError(best.error)}, at h = ${formatNumber(best.step, 6)}): ` +
      'the rules give a number that is not the derivative of the function.';
    return { verdict: 'wrong', message };
  }
  const remedy = `at h = ${formatNumber(best.step, 6)} it agrees to ${formatError(best.error)}, so the gradient is right.`;
  if (entry.kinks > 0) {
    const message =
      `${numbers} Between x - h and x + h ${entry.kinks} activation${entry.kinks === 1 ? '' : 's'} change sides of a kink, ` +
      `where the function bends and a difference says little; ${remedy}`;
    return { verdict: 'kink', message };
  }
  const why =
    entry.step > best.step
      ? 'The step is too long: the difference has an error of its own, which grows with h^2 (truncation)'
      : 'The step is too short: the two values agree in nearly all digits, so their difference is rounding, which grows with 1/h';
  return { verdict: 'step', message: `${numbers} ${why}; ${remedy}` };
}
