import { median } from '../report/statistics.js';

/**
 * Median seconds of a call: for `seconds`, after a warm-up of a third of it, three calls at the least. Calls that
 * are too short for the clock are timed in blocks.
 */
export function sample(call: () => void, seconds: number): number {
  const timed = (calls: number): number => {
    const start = performance.now();
    for (let i = 0; i < calls; i++) call();
    return (performance.now() - start) / 1000;
  };
  let block = 1;
  const warm = performance.now() + (seconds * 1000) / 3;
  do {
    if (timed(block) < 2e-4) block *= 2;
  } while (performance.now() < warm);
  const samples: number[] = [];
  const end = performance.now() + seconds * 1000;
  while (samples.length < 3 || performance.now() < end) samples.push(timed(block) / block);
  return median(samples);
}
