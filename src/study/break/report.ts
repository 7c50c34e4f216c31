import type { CheckResult } from './checks/index.js';
import type { GradientPair } from './gradients.js';
import type { Pictures } from './pictures.js';
import type { TestPoint } from './runner.js';

/** The two trainings. */
export const RUNS = ['right', 'wrong'] as const;
/** Which of two runs: the right one, or the one with the mistake. */
export type RunName = (typeof RUNS)[number];

/** What `breaking` yields as soon as it is known. */
export type BreakPart =
  /** No news: lets the caller do something else during long work. */
  | { readonly kind: 'working' }
  | { readonly kind: 'gradients'; readonly pairs: readonly GradientPair[] }
  | { readonly kind: 'check'; readonly run: RunName; readonly result: CheckResult }
  /** A gradient step, with the loss of the run's own objective, or null and the problem that ends the run. */
  | {
      readonly kind: 'step';
      readonly run: RunName;
      readonly at: number;
      readonly loss: number | null;
      readonly problem: string | null;
    }
  /** The right objective on the test data, or null and the problem that ends the run. */
  | {
      readonly kind: 'test';
      readonly run: RunName;
      readonly at: number;
      readonly point: TestPoint | null;
      readonly problem: string | null;
    }
  | { readonly kind: 'pictures'; readonly run: RunName; readonly at: number; readonly pictures: Pictures };

/** The results of one run. */
export interface RunReport {
  readonly checks: readonly CheckResult[];
  /** The loss of the run's own objective at each step. */
  readonly losses: readonly number[];
  /** The right objective on the test data, at the start and every few steps. */
  readonly curve: readonly TestPoint[];
  /** At the last evaluation; null if there was none. */
  readonly pictures: Pictures | null;
  /** Why it stopped early; null if it did not. */
  readonly problem: string | null;
}

/** A mistake beside the right thing: gradients, and a run of each. */
export interface BreakReport {
  readonly gradients: readonly GradientPair[];
  readonly right: RunReport;
  readonly wrong: RunReport;
}

const NOTHING: RunReport = { checks: [], losses: [], curve: [], pictures: null, problem: null };
/** A report before its first part. */
export const EMPTY: BreakReport = { gradients: [], right: NOTHING, wrong: NOTHING };

function extended(run: RunReport, part: Exclude<BreakPart, { kind: 'gradients' | 'working' }>): RunReport {
  switch (part.kind) {
    case 'check':
      return { ...run, checks: [...run.checks, part.result] };
    case 'step':
      return {
        ...run,
        losses: part.loss === null ? run.losses : [...run.losses, part.loss],
        problem: part.problem,
      };
    case 'test':
      return {
        ...run,
        curve: part.point === null ? run.curve : [...run.curve, part.point],
        problem: part.problem,
      };
    case 'pictures':
      return { ...run, pictures: part.pictures };
  }
}

/** The report extended by one part; the given report does not change. */
export function withPart(report: BreakReport, part: BreakPart): BreakReport {
  if (part.kind === 'working') return report;
  if (part.kind === 'gradients') return { ...report, gradients: part.pairs };
  const run: RunName = part.run;
  return { ...report, [run]: extended(report[run], part) };
}

/** The report that all parts together make. */
export function collect(parts: Iterable<BreakPart>): BreakReport {
  let report = EMPTY;
  for (const part of parts) report = withPart(report, part);
  return report;
}
