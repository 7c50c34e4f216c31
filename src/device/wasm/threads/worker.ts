import * as at from '../../../tensor/memory/control.js';
import type { WasmApi, WasmMemory } from '../../../tensor/memory/web-assembly.js';

/** Of the worker's global scope; its types belong to the browser's library. */
declare const WebAssembly: WasmApi;

/** Where things stand in the control space, in the order in which {@link serve} takes them. */
const PLACES = [
  at.ADDRESS,
  at.BYTES,
  at.JOB,
  at.DONE,
  at.KERNEL,
  at.PARTS,
  at.WIDTH,
  at.RANGES,
  at.ENDS,
  at.FAILED,
  at.READY,
  at.PATIENCE,
  at.TICKETS,
  at.TICKET_STEP,
  at.MAX_ARGUMENTS,
  at.ARGUMENTS,
  at.KERNELS,
  at.MESSAGE_ADDRESS,
  at.MESSAGE_BYTES,
];

/**
 * What a worker runs. It waits for a job, takes parts of it while there are any, first those of its own range, and waits again. A
 * kernel that it does not know yet is compiled from the bytes in the shared memory. An error is left there as text for the
 * thread that waits.
 *
 * Its text is sent to the worker, since every bundler and loader would have to find a file of its own: it may use nothing from
 * outside but its arguments and globals.
 */
function serve(memory: WasmMemory, places: readonly number[]): never {
  const [ADDRESS, BYTES, JOB, DONE, KERNEL, PARTS, WIDTH, RANGES, ENDS, FAILED, READY, PATIENCE, ...more] =
    places;
  const [TICKETS, TICKET_STEP, MAX_ARGUMENTS, ARGUMENTS, KERNELS, MESSAGE_ADDRESS, MESSAGE_BYTES] = more;
  const { add, compareExchange, load, notify, wait } = Atomics;
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
  const run = (part: number): void => {
    const id = words[KERNEL];
    const width = words[WIDTH];
    const from = ARGUMENTS + part * MAX_ARGUMENTS;
    lists[width] ??= new Array<number>(width).fill(0);
    const list = lists[width];
    for (let i = 0; i < width; i++) list[i] = words[from + i];
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
  const patience = words[PATIENCE];
  const me = add(words, READY, 1) + 1;
  let job = 0;
  const take = (range: number): number => {
    const place = TICKETS + range * TICKET_STEP;
    for (;;) {
      const ticket = load(words, place);
      const part = ticket & 255;
      if (ticket >> 8 !== job || part >= words[ENDS + range]) return -1;
      if (compareExchange(words, place, ticket, ticket + 1) === ticket) return part;
    }
  };
  for (;;) {
    for (let turn = 0; load(words, JOB) === job; turn++) if (turn >= patience) wait(words, JOB, job);
    job = load(words, JOB);
    const ranges = words[RANGES];
    for (let i = 0; i < ranges; i++) {
      const range = (me + i) % ranges;
      for (let part = take(range); part >= 0; part = take(range)) {
        const parts = words[PARTS];
        try {
          run(part);
        } catch (error) {
          fail(error);
        }
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
