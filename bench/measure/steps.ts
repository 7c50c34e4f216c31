import { DEFAULTS } from '../../src/page/shared/settings.js';
import { Session } from '../../src/page/worker/session.js';
import type { Reading } from '../protocol.js';

export interface StepsSettings {
  /** Names the row. */
  readonly threads: number;
  /** Steps before the clock starts: an epoch, so that the digits are drawn. */
  readonly warmup: number;
  readonly seconds: number;
}

/** Steps a second of the training that the page begins with, in this process. */
export function measure({ threads, warmup, seconds }: StepsSettings): Reading[] {
  const session = new Session(DEFAULTS);
  while (session.at < warmup || session.evaluates) session.turn();
  const start = performance.now();
  let elapsed = 0;
  do {
    session.turn();
    elapsed = (performance.now() - start) / 1000;
  } while (elapsed < seconds);
  return [{ row: String(threads), values: { rate: (session.at - warmup) / elapsed } }];
}
