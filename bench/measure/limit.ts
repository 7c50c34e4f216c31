import { Worker } from 'node:worker_threads';
import type { Reading } from '../protocol.js';
import { bestRate, type Slots } from './limit-slots.js';

export interface LimitSettings {
  /** Of spinning, by each thread. */
  readonly seconds: number;
  readonly threads: readonly number[];
}

/** What `threads` threads do together, in flop per second. */
async function together(threads: number, seconds: number): Promise<number> {
  const gate = new Int32Array(new SharedArrayBuffer(4));
  const file = new URL('./limit-worker.js', import.meta.url);
  const spinning = Array.from(
    { length: threads },
    () =>
      new Promise<Slots>((resolve, reject) => {
        const worker = new Worker(file, { workerData: { seconds, gate, threads } });
        worker.once('message', resolve);
        worker.once('error', reject);
      }),
  );
  return bestRate(await Promise.all(spinning));
}

/** The register-only ceiling; a row for each number of threads. */
export async function measure({ seconds, threads }: LimitSettings): Promise<Reading[]> {
  const readings: Reading[] = [];
  for (const count of threads) {
    readings.push({ row: String(count), values: { flops: await together(count, seconds) } });
  }
  return readings;
}
