import type { Bench } from 'tinybench';

/** Adds the tasks of a suite; `work` says how many units a call does, so that a rate can be shown. */
export interface Suite {
  readonly name: string;
  /** One line: what is measured. */
  readonly doc: string;
  add(bench: Bench): readonly Task[];
}

export interface Task {
  readonly name: string;
  /** Units of work in one call. */
  readonly work: number;
  /** What a unit is: 'flop', 'examples', 'elements'. */
  readonly unit: string;
}
