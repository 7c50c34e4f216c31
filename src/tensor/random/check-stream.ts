import { describeValue } from '../describe.js';
import type { RandomStream } from './stream.js';

/** @throws TypeError unless `stream` is what draws come from. */
export function checkStream(stream: RandomStream, who: string): void {
  if (typeof stream?.uniform === 'function') return;
  throw new TypeError(
    `${who}: takes a stream of random numbers, but got ${describeValue(stream)}; ` +
      "pass one by name, as in new Random(0).stream('noise')",
  );
}
