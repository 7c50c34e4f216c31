import { Worker } from 'node:worker_threads';
import type { Reading } from '../protocol.js';

export interface LimitSettings {
  /** Of spinning, by each thread. */
  readonly seconds: number;
  readonly threads: readonly number[];
}

/** The best turn is the ceiling: other programs only ever take from it. */
const TURNS = 3;

/** What `threads` threads do together, in flop per second. */
async function together(threads: number, seconds: number): Promise<number> {
  const gate = new Int32Array(new SharedArrayBuffer(4));
  const file = new URL('./limit-worker.js', import.meta.url);
  const rates = Array.from(
    { length: threads },
    () =>
      new Promise<number>((resolve, reject) => {
        const worker = new Worker(file, { workerData: { seconds, gate, threads } });
        worker.once('message', resolve);
        worker.once('error', reject);
      }),
  );
  return (await Promise.all(rates)).reduce((a, b) => a + b);
}

/** The register-only ceiling; a row for each number of threads. */
export async function measure({ seconds, threads }: LimitSettings): Promise<Reading[]> {
  const readings: Reading[] = [];
  for (const count of threads) {
    let flops = 0;
    for (let turn = 0; turn < TURNS; turn++) flops = Math.max(flops, await together(count, seconds / TURNS));
    readings.push({ row: String(count), values: { flops } });
  }
  return readings;
}
