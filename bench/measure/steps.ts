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
  for (let i = 0; i < warmup; i++) session.advance();
  const start = performance.now();
  let steps = 0;
  let elapsed = 0;
  do {
    session.advance();
    steps++;
    elapsed = (performance.now() - start) / 1000;
  } while (elapsed < seconds);
  return [{ row: String(threads), values: { rate: steps / elapsed } }];
}
