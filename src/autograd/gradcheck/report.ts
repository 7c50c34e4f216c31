import { formatError } from '../../tensor/format.js';
import { formatShape } from '../../tensor/shape.js';
import type { Kink } from '../kinks.js';
import { indexOf } from './evaluate.js';

/** One derivative, compared. */
export interface GradcheckEntry {
  /** What was differentiated: the name given, or the op that made the output. */
  readonly output: string;
  /** 1 for a gradient, 2 for the gradient's gradient. */
  readonly order: 1 | 2;
  /** Index of the input; in order 2 cotangents are counted after the inputs; null for all of them together. */
  readonly input: number | null;
  /** `input 0 'x'`, `cotangent 0`, or `all inputs`. */
  readonly inputName: string;
  /** Indices of the element; null for a derivative along a direction. */
  readonly element: readonly number[] | null;
  /** Number of the random direction; null for the derivative by one element. */
  readonly direction: number | null;
  /**
   * Indices of the output's element whose derivative this is, after the number of the output where there are several; null for the
   * derivative of <v, f>, v random cotangents, and of the one number that f returns.
   */
  readonly outputElement: readonly number[] | null;
  /** The derivative by backpropagation. */
  readonly analytic: number;
  /** The same by central differences. */
  readonly numeric: number;
  /** A bound on the error of `numeric`, from its change with the step and from rounding. */
  readonly uncertainty: number;
  /** The smallest step of the differences. */
  readonly step: number;
  /** |analytic - numeric| relative to the derivative, without what the uncertainty explains; see `gradcheck`. */
  readonly error: number;
  /** 'not decided' where the uncertainty leaves open whether the derivative is wrong by 1 %. */
  readonly verdict: 'right' | 'wrong' | 'not decided';
  /** The op that has a kink or a tie within a step of the point, 'unnamed' where the function bends and none is seen; else null. */
  readonly kink: Kink | 'unnamed' | null;
}

/** Why a check failed: a derivative that differs or is not decided (with its entry), or a function that cannot be checked. */
export interface GradcheckFailure {
  readonly message: string;
  readonly entry: GradcheckEntry | null;
}

/** Failures written out in a report; the rest are counted. */
const SHOWN = 10;

/** Seven digits, or as many more as it takes for the two to differ. */
function formatPair(a: number, b: number): [string, string] {
  const short = (x: number, digits: number): string => String(Number(x.toPrecision(digits)));
  let digits = 7;
  while (digits < 17 && short(a, digits) === short(b, digits)) digits++;
  return [short(a, digits), short(b, digits)];
}

/** `'exp', input 0 'x', element [1, 2]`. */
export function describePlace(
  entry: Pick<GradcheckEntry, 'output' | 'order' | 'inputName' | 'element' | 'direction'>,
): string {
  const what = `${entry.order === 2 ? 'gradient of ' : ''}'${entry.output}'`;
  const where =
    entry.element === null ? `direction ${entry.direction}` : `element ${formatShape(entry.element)}`;
  return `${what}, ${entry.inputName}, ${where}`;
}

/** `'relu' has a kink or a tie ...`. */
function describeKink(kink: Kink | 'unnamed'): string {
  const advice = 'the derivative jumps there, so check at a point away from it';
  if (kink === 'unnamed') return `the function bends at the point or within a step of it; ${advice}`;
  const element = formatShape(indexOf(kink.element, kink.shape));
  return `'${kink.op}' has a kink or a tie at the point or within a step of it (input ${kink.input}, element ${element}); ${advice}`;
}

/** One entry that is not right, in words. */
export function describeMismatch(entry: GradcheckEntry, tolerance: number): string {
  const [analytic, numeric] = formatPair(entry.analytic, entry.numeric);
  const of = entry.outputElement === null ? '' : `, output ${formatShape(entry.outputElement)}`;
  const values = `${describePlace(entry)}${of}: analytic ${analytic}, numeric ${numeric} ± ${formatError(entry.uncertainty)}`;
  const reason = entry.kink === null ? '' : `: ${describeKink(entry.kink)}`;
  if (entry.verdict === 'wrong') {
    return `${values}, error ${formatError(entry.error)} (allowed ${formatError(tolerance)})${reason}`;
  }
  const open =
    'rounding hides a derivative this small beside the values it is a difference of, so one wrong by 1 % would look the same';
  return `${values}: not decided${reason || `: ${open}`}`;
}

/** What gradcheck found. `String(report)` reads as a message. */
export class GradcheckReport {
  constructor(
    /** What was checked. */
    readonly name: string,
    /** Every derivative that was compared. */
    readonly checks: readonly GradcheckEntry[],
    readonly failures: readonly GradcheckFailure[],
    readonly tolerance: number,
  ) {}

  /** Whether there were derivatives, and every one is right. */
  get passed(): boolean {
    return this.failures.length === 0 && this.checks.length > 0;
  }

  /** Derivatives of which the differences cannot say whether they are right; they are among the failures. */
  get undecided(): readonly GradcheckEntry[] {
    return this.checks.filter(({ verdict }) => verdict === 'not decided');
  }

  /** Number of derivatives compared. */
  get cases(): number {
    return this.checks.length;
  }

  /** The largest error, NaN where a derivative is not finite; 0 when nothing was compared. */
  get worst(): number {
    return this.checks.reduce((worst, { error }) => Math.max(worst, error), 0);
  }

  toString(): string {
    if (this.passed) {
      const count = `${this.cases} derivative${this.cases === 1 ? '' : 's'}`;
      const allowed = formatError(this.tolerance);
      return `gradcheck passed: '${this.name}', ${count}, worst error ${formatError(this.worst)} (allowed ${allowed})`;
    }
    const lines = this.failures.slice(0, SHOWN).map(({ message }) => `gradcheck failed: ${message}`);
    const more = this.failures.length - SHOWN;
    if (more > 0) lines.push(`... and ${more} more of ${this.cases} derivatives`);
    if (this.failures.some(({ entry }) => entry !== null && entry.direction !== null))
      lines.push("mode 'elements' says which elements are wrong");
    return lines.join('\n');
  }
}

/** Thrown by `assertGradients`; its message is the report's text. */
export class GradcheckError extends Error {
  override name = 'GradcheckError';

  constructor(readonly report: GradcheckReport) {
    super(report.toString());
  }
}
