import type { EpochMetrics, TrainingEvent } from '../../../src/vae/training/events.js';
import type { Trainer } from '../../../src/vae/training/trainer.js';

/** Runs to the end, or until `enough` says so; gives all events. */
export function runUntil(
  trainer: Trainer,
  enough: (event: TrainingEvent) => boolean = () => false,
): TrainingEvent[] {
  const events: TrainingEvent[] = [];
  for (const event of trainer.run()) {
    events.push(event);
    if (enough(event)) break;
  }
  return events;
}

/** The history without the times, which differ from run to run. */
export const timeless = (history: readonly EpochMetrics[]): Omit<EpochMetrics, 'seconds'>[] =>
  history.map(({ epoch, train, test }) => ({ epoch, train, ...(test === undefined ? {} : { test }) }));
