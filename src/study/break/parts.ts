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
