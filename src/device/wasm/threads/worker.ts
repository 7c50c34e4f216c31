import * as at from '../../../tensor/memory/control.js';
import type { WasmApi, WasmMemory } from '../../../tensor/memory/web-assembly.js';

/** Of the worker's global scope; its types belong to the browser's library. */
declare const WebAssembly: WasmApi;

/** Where things stand in the control space, in the order in which {@link serve} takes them. */
const PLACES = [
  ...[at.ADDRESS, at.BYTES, at.DONE, at.KERNEL, at.PARTS, at.WIDTH, at.RANGES, at.ENDS, at.FAILED],
  ...[at.PATIENCE, at.NEXT, at.STEP, at.STATES, at.PART_STEP, at.FREE, at.FINISHED],
  ...[at.KERNELS, at.MESSAGE_ADDRESS, at.MESSAGE_BYTES, at.BELLS],
];

/** What a worker is given. */
export interface WorkerData {
  readonly memory: WasmMemory;
  /** Its number in this memory, from 1. */
  readonly number: number;
}

/**
 * What a worker runs. It waits for its bell, takes parts of the job while there are any, first those of its own range, and waits
 * again. A kernel that it does not know yet is compiled from the bytes in the shared memory. An error is left there as text for
 * the thread that waits.
 *
 * Its text is sent to the worker, since every bundler and loader would have to find a file of its own: it may use nothing from
 * outside but its arguments and globals.
 */
function serve({ memory, number }: WorkerData, places: readonly number[]): never {
  const [ADDRESS, BYTES, DONE, KERNEL, PARTS, WIDTH, RANGES, ENDS, FAILED, ...more] = places;
  const [PATIENCE, NEXT, STEP, STATES, PART_STEP, FREE, FINISHED, ...last] = more;
  const [KERNELS, MESSAGE_ADDRESS, MESSAGE_BYTES, BELLS] = last;
  const { add, compareExchange, load, notify, store, wait } = Atomics;
  const { buffer } = memory;
  const words = new Int32Array(buffer, ADDRESS, BYTES / 4);
  type Kernel = (...args: readonly number[]) => void;
  const isKernel = (f: unknown): f is Kernel => typeof f === 'function';
  const kernels: Kernel[] = [];
  const lists: number[][] = [];

  const compile = (id: number): Kernel => {
    const [address, length] = words.subarray(KERNELS + 2 * id);
    const bytes = new Uint8Array(buffer, address, length).slice();
    const instance = new WebAssembly.Instance(new WebAssembly.Module(bytes), { env: { memory } });
    const [kernel] = Object.values(instance.exports);
    if (!isKernel(kernel)) throw new Error('a kernel exports no function');
    return kernel;
  };
  const run = (state: number, own: number): void => {
    const id = words[KERNEL];
    const width = words[WIDTH];
    lists[width] ??= new Array<number>(width + 1).fill(0);
    const list = lists[width];
    for (let i = 0; i < width; i++) list[i] = words[state + 1 + i];
    list[width] = own;
    kernels[id] ??= compile(id);
    kernels[id](...list);
  };
  const fail = (error: unknown): void => {
    const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
    const text = new TextEncoder().encode(message).subarray(0, MESSAGE_BYTES);
    if (compareExchange(words, FAILED, 0, text.length || 1) === 0) {
      new Uint8Array(buffer, MESSAGE_ADDRESS, text.length).set(text);
    }
  };
  const bell = BELLS + number * STEP;
  let rung = 0;
  const take = (job: number, range: number): number => {
    const next = NEXT + range * STEP;
    for (let part = load(words, next); part < words[ENDS + range]; part++) {
      const state = STATES + part * PART_STEP;
      if (compareExchange(words, state, job | FREE, job | (number + 1)) !== (job | FREE)) continue;
      store(words, next, part + 1);
      return state;
    }
    return 0;
  };
  store(words, bell + 1, 1);
  for (;;) {
    for (let turn = 0; load(words, bell) === rung; turn++)
      if (turn >= words[PATIENCE]) wait(words, bell, rung);
    rung = load(words, bell);
    const own = rung & 255;
    const job = rung - own;
    const ranges = words[RANGES];
    for (let i = 0; i < ranges; i++) {
      const range = (own + i) % ranges;
      for (let state = take(job, range); state !== 0; state = take(job, range)) {
        const parts = words[PARTS];
        try {
          run(state, own);
        } catch (error) {
          fail(error);
        }
        store(words, state, job | FINISHED);
        if (add(words, DONE, 1) + 1 === parts) notify(words, DONE);
      }
    }
  }
}

/** The worker as text. Some compilers keep the names of functions by calls of `__name`, which the text then brings along. */
export const WORKER_SOURCE = `'use strict';
const __name = (f) => f;
const serve = ${serve};
const places = [${PLACES}];
if (globalThis.process?.getBuiltinModule) serve(process.getBuiltinModule('node:worker_threads').workerData, places);
else onmessage = ({ data }) => serve(data, places);
`;
