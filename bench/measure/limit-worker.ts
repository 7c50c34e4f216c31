/** One thread of the part 'limit': warms up, waits for the others, then spins for a given time. */
import { parentPort, workerData } from 'node:worker_threads';
import { makeSpin, type Spin } from './limit-kernel.js';
import { bestRate, SLOT, type Slots } from './limit-slots.js';

interface Order {
  readonly seconds: number;
  /** [0] counts the threads that are ready. */
  readonly gate: Int32Array;
  readonly threads: number;
}

const PAIRS = [4, 5, 6];
/** Some tens of microseconds: much shorter than a slot, and often enough a new call to get the optimized code. */
const ROUNDS = 2000;

/** The least that leaves whole slots beside those that the start and the end cut, however busy the machine is. */
const MIN_SLOTS = 5;

/** Flop done in each slot of the clock, for `seconds`, or until there are enough slots. */
function work(spin: Spin, seconds: number): Slots {
  const slots = new Map<number, number>();
  const end = performance.now() + seconds * 1000;
  while (performance.now() < end || slots.size < MIN_SLOTS) {
    spin.run(ROUNDS);
    // All threads of a process count from their own start: timeOrigin says when that was.
    const slot = Math.floor((performance.timeOrigin + performance.now()) / SLOT);
    slots.set(slot, (slots.get(slot) ?? 0) + ROUNDS * spin.flop);
  }
  return slots;
}

const { seconds, gate, threads }: Order = workerData;
// A quarter of the time for each candidate: long enough for the optimizing compiler to have taken over.
const candidates = PAIRS.map(makeSpin).map((spin) => ({ spin, speed: bestRate([work(spin, seconds / 4)]) }));
const { spin } = candidates.reduce((a, b) => (b.speed > a.speed ? b : a));
Atomics.add(gate, 0, 1);
Atomics.notify(gate, 0);
for (let ready = Atomics.load(gate, 0); ready < threads; ready = Atomics.load(gate, 0)) {
  Atomics.wait(gate, 0, ready);
}
parentPort?.postMessage(work(spin, seconds));
