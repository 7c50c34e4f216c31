import type { GradcheckEntry } from './report.js';

/** With an error above this part of the derivative a difference cannot tell right from wrong by 1 %. */
const DECISIVE = 4e-3;

/** What the derivative of one combination of outputs came to. */
export interface Judgement
  extends Pick<GradcheckEntry, 'analytic' | 'numeric' | 'uncertainty' | 'error' | 'verdict'> {
  /** The output alone; null for a combination of them. */
  readonly output: number | null;
}

/** One derivative both ways. */
interface Derivative extends Pick<GradcheckEntry, 'analytic' | 'numeric' | 'uncertainty'> {
  /** Sum of the absolute terms of the analytic one: what it may have cancelled from. */
  readonly absolute: number;
  /** Whether the function bends within the step. */
  readonly isBent: boolean;
}

/**
 * Whether the analytic derivative is right, on its own scale.
 * @param isRounding whether an analytic derivative that should be 0 is made of rounding; asked only where it matters
 */
export function judged(
  { analytic, numeric, uncertainty, absolute, isBent }: Derivative,
  tolerance: number,
  isRounding: () => boolean,
): Pick<Judgement, 'error' | 'verdict'> {
  const scale = Math.max(absolute, Math.abs(numeric));
  if (!Number.isFinite(analytic) || !Number.isFinite(numeric)) return { error: Number.NaN, verdict: 'wrong' };
  const excess = Math.abs(analytic - numeric);
  if (excess === 0 && scale === 0) return { error: 0, verdict: isBent ? 'not decided' : 'right' };
  const error = Math.max(0, excess - uncertainty) / scale;
  if (error > tolerance) return { error, verdict: 'wrong' };
  if (isBent) return { error, verdict: 'not decided' };
  const isDecided = uncertainty <= Math.max(DECISIVE, tolerance) * scale;
  const isZero = !isDecided && Math.abs(numeric) <= uncertainty && (analytic === 0 || isRounding());
  return { error: isZero ? 0 : error, verdict: isDecided || isZero ? 'right' : 'not decided' };
}

const SEVERITY = { right: 0, 'not decided': 1, wrong: 2 };

/** The gravest verdict, and of those the largest error. */
export const worstOf = (found: readonly Judgement[]): Judgement =>
  found.reduce((worst, other) => {
    const [a, b] = [SEVERITY[other.verdict], SEVERITY[worst.verdict]];
    return a > b || (a === b && other.error > worst.error) ? other : worst;
  });
