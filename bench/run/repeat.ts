import type { Reading } from '../protocol.js';
import { summarize } from '../report/statistics.js';
import type { Job, Measured, Who } from '../suite.js';

/** A subject that was to be measured and was not. */
export interface Missing {
  readonly name: string;
  readonly reason: string;
}

export interface Outcome {
  readonly results: readonly Measured[];
  readonly missing: readonly Missing[];
}

/** Puts the readings of all repeats together, row by row, in the order in which they first came. */
export function gather(
  runs: readonly { readonly who: Who; readonly readings: readonly Reading[] }[],
): Measured[] {
  const rows = new Map<string, { who: Who; readings: Reading[] }>();
  for (const { who, readings } of runs) {
    for (const reading of readings) {
      const key = JSON.stringify([who.name, reading.row]);
      const row = rows.get(key) ?? { who, readings: [] };
      row.readings.push(reading);
      rows.set(key, row);
    }
  }
  return [...rows.values()].map(({ who, readings }) => {
    const { row, note, values } = readings[0];
    const all = (name: string): number[] =>
      readings.flatMap((reading) => (name in reading.values ? [reading.values[name]] : []));
    return {
      who,
      row,
      ...(note === undefined ? {} : { note }),
      values: Object.fromEntries(Object.keys(values).map((name) => [name, summarize(all(name))])),
    };
  });
}

/**
 * Runs all jobs in turn, then all of them again, so that whatever drifts in the machine meets each alike. A peer that
 * fails is left out from then on, and named; a failure of our own ends the run.
 */
export async function repeatJobs(
  jobs: readonly Job[],
  repeat: number,
  run: (job: Job) => Promise<Reading[]>,
  mayFail: (job: Job) => boolean,
): Promise<Outcome> {
  const missing = new Map<string, string>();
  const runs: { who: Who; readings: readonly Reading[] }[] = [];
  for (let turn = 0; turn < repeat; turn++) {
    for (const job of jobs) {
      if (missing.has(job.who.name)) continue;
      try {
        runs.push({ who: job.who, readings: await run(job) });
      } catch (error) {
        if (!mayFail(job)) throw error;
        missing.set(job.who.name, error instanceof Error ? error.message : String(error));
      }
    }
  }
  return {
    results: gather(runs.filter(({ who }) => !missing.has(who.name))),
    missing: [...missing].map(([name, reason]) => ({ name, reason })),
  };
}
