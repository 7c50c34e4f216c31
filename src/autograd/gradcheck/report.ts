import { formatError } from '../../tensor/format.js';
import { formatShape } from '../../tensor/shape.js';

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
  /** The derivative of <v, f>, v the random cotangents, by backpropagation. */
  readonly analytic: number;
  /** The same by a central difference. */
  readonly numeric: number;
  /** Step of the central difference. */
  readonly step: number;
  /** |analytic - numeric| relative to the absolute terms; see `gradcheck`. */
  readonly error: number;
}

/** Why a check failed: a derivative that differs (with its entry), or a function that cannot be checked. */
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
  entry: Omit<GradcheckEntry, 'analytic' | 'numeric' | 'step' | 'error'>,
): string {
  const what = `${entry.order === 2 ? 'gradient of ' : ''}'${entry.output}'`;
  const where =
    entry.element === null ? `direction ${entry.direction}` : `element ${formatShape(entry.element)}`;
  return `${what}, ${entry.inputName}, ${where}`;
}

export function describeMismatch(entry: GradcheckEntry, tolerance: number): string {
  const [analytic, numeric] = formatPair(entry.analytic, entry.numeric);
  return (
    `${describePlace(entry)}: analytic ${analytic}, numeric ${numeric}, ` +
    `step ${formatError(entry.step)}, error ${formatError(entry.error)} (allowed ${formatError(tolerance)})`
  );
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

  get passed(): boolean {
    return this.failures.length === 0;
  }

  /** Number of derivatives compared. */
  get cases(): number {
    return this.checks.length;
  }

  /** The largest error; 0 when nothing was compared. */
  get worst(): number {
    return this.checks.reduce((worst, { error }) => Math.max(worst, error), 0);
  }

  toString(): string {
    if (this.passed) {
      const count = `${this.cases} derivative${this.cases === 1 ? '' : 's'}`;
      const result =
        this.cases === 0
          ? 'the inputs have no elements, so there was nothing to compare'
          : `${count}, worst error ${formatError(this.worst)} (allowed ${formatError(this.tolerance)})`;
      return `gradcheck passed: '${this.name}', ${result}`;
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
