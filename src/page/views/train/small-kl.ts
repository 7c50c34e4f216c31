import type { Point } from '../../shared/history.js';

/** Nats per example below which the code says next to nothing. */
const SMALL = 0.1;
/** Steps that the KL is averaged over, and before which there is nothing to say. */
const STEPS = 20;

/** When to look again: 100, 200, 500, 1000, ... steps. */
function nextLook(step: number): number {
  const power = 10 ** Math.floor(Math.log10(Math.max(100, step + 1)));
  return [1, 2, 5, 10].map((factor) => factor * power).find((at) => at > step) ?? 10 * power;
}

/** Steps after which a KL that is still small does not rise by itself. */
const LATE = 2000;

/** Why the KL is near 0 and when to look again; null where it is not. */
export function smallKlWords(points: readonly Point[], { beta }: { readonly beta: number }): string | null {
  const last = points.at(-1);
  const recent = points.slice(-STEPS);
  if (last === undefined || last.at < STEPS) return null;
  if (recent.reduce((sum, { kl }) => sum + kl, 0) / recent.length >= SMALL) return null;
  const what = 'The KL is near 0: every image gets the same cloud, so the decoder paints one average digit.';
  if (beta > 2) return `${what} At β = ${beta} a code costs more than it saves, so this stays.`;
  if (last.at >= LATE) return `${what} It has collapsed; a smaller β or another seed may not.`;
  return `${what} The model learns that digit first, which needs no code. Look again at step ${nextLook(last.at)}.`;
}
