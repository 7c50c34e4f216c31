import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import type { Outcome, SpawnOptions } from '../../cli/invoke.js';
import type { Case } from '../kind.js';
import { anyThreads, anyVariant, type Runs, type Training } from '../runs.js';

type Send = (signal: NodeJS.Signals) => void;

/** At a share of the time of an undisturbed run, or some milliseconds after a number of epochs, in the midst of the writing. */
const anyMoment = fc.oneof(
  fc.record({ share: fc.double({ min: 0, max: 1, noNaN: true }) }),
  fc.record({ epochs: fc.integer({ min: 1, max: 8 }), later: fc.nat(40) }),
  fc.record({ epochs: fc.integer({ min: 1, max: 8 }), later: fc.nat(40) }),
);

/** Calls `act` once, at a moment that the case draws. */
export function atSomeMoment(one: Case, { took }: Training, act: (send: Send) => void): SpawnOptions {
  const moment = one.draw(anyMoment);
  if ('share' in moment) return { onStart: (send) => setTimeout(() => act(send), moment.share * took) };
  let isDue = true;
  return {
    onOutput: (out, send) => {
      if (!isDue || out.split('"event":"epoch"').length <= moment.epochs) return;
      isDue = false;
      setTimeout(() => act(send), moment.later);
    },
  };
}

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
