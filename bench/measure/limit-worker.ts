/** One thread of the part 'limit': warms up, waits for the others, then spins for a given time. */
import { parentPort, workerData } from 'node:worker_threads';
import { makeSpin, type Spin } from './limit-kernel.js';

interface Order {
  readonly seconds: number;
  /** [0] counts the threads that are ready. */
  readonly gate: Int32Array;
  readonly threads: number;
}

const CHAINS = [8, 10, 12];
const ROUNDS = 200_000;

/** Flop per second over `seconds`. */
function rate(spin: Spin, seconds: number): number {
  const start = performance.now();
  let done = 0;
  do {
    spin.run(ROUNDS);
    done += ROUNDS * spin.flop;
  } while (performance.now() - start < seconds * 1000);
  return (done / (performance.now() - start)) * 1000;
}

const { seconds, gate, threads }: Order = workerData;
// A quarter of the time for each candidate: long enough for the optimizing compiler to have taken over.
const candidates = CHAINS.map(makeSpin).map((spin) => ({ spin, speed: rate(spin, seconds / 4) }));
const { spin } = candidates.reduce((a, b) => (b.speed > a.speed ? b : a));
Atomics.add(gate, 0, 1);
Atomics.notify(gate, 0);
for (let ready = Atomics.load(gate, 0); ready < threads; ready = Atomics.load(gate, 0)) {
  Atomics.wait(gate, 0, ready);
}
parentPort?.postMessage(rate(spin, seconds));
