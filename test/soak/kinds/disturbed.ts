import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Outcome, SpawnOptions } from '../../cli/invoke.js';
import type { Case } from '../kind.js';
import { anyThreads, anyVariant, type Runs, type Training } from '../runs.js';

/** How a process is disturbed, and what it must have come to. */
export interface Disturbance {
  readonly options: SpawnOptions;
  /** @returns whether it was in time: a process that had ended was not disturbed */
  check(outcome: Outcome, run: string): boolean | Promise<boolean>;
}

/**
 * Disturbs a training a few times, checks what it leaves each time, and lets it go on to the end.
 * @param disturb makes the next disturbance
 * @returns how many times it was disturbed
 */
export async function disturbed(
  one: Case,
  runs: Runs,
  times: number,
  disturb: (training: Training) => Disturbance,
): Promise<number> {
  const training = await runs.training(one.draw(anyVariant));
  const run = join(one.place, 'run');
  one.keep('run', { folder: run });
  await rm(run, { recursive: true, force: true });
  let tries = 0;
  for (let i = 0; i < times; i++) {
    const { options, check } = disturb(training);
    const words = await runs.wordsFor(training, run);
    const outcome = await runs.command([...words, '--threads', one.draw(anyThreads)], options);
    one.keep(`output-${i}.txt`, `${outcome.code}\n${outcome.out}\n${outcome.err}`);
    if (await check(outcome, run)) tries++;
    await runs.check(training, run, outcome.out);
  }
  await runs.finish(training, run);
  return tries;
}
