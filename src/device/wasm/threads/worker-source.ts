import * as at from '../../../tensor/memory/control.js';

/**
 * What a worker runs, as text: a file of its own would have to be found again by every bundler and loader. It waits for a job,
 * takes parts of it while there are any, first those of its own range, and waits again. A kernel it does not know yet is compiled
 * from the bytes that stand in the shared memory. An error is left there as text for the thread that waits.
 */
export const WORKER_SOURCE = `'use strict';
const { add, compareExchange, load, notify, wait } = Atomics;
const work = (memory) => {
  const { buffer } = memory;
  const words = new Int32Array(buffer, ${at.ADDRESS}, ${at.BYTES / 4});
  const kernels = [];
  const compile = (id) => {
    const [address, length] = words.subarray(${at.KERNELS} + 2 * id);
    const bytes = new Uint8Array(buffer, address, length).slice();
    const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes), { env: { memory } });
    return Object.values(exports)[0];
  };
  const lists = [];
  const run = (part) => {
    const id = words[${at.KERNEL}];
    const width = words[${at.WIDTH}];
    const from = ${at.ARGUMENTS} + part * ${at.MOST_ARGUMENTS};
    const list = (lists[width] ??= new Array(width).fill(0));
    for (let i = 0; i < width; i++) list[i] = words[from + i];
    (kernels[id] ??= compile(id))(...list);
  };
  const fail = (error) => {
    const text = new TextEncoder().encode(String(error && error.stack || error)).subarray(0, ${at.MESSAGE_BYTES});
    if (compareExchange(words, ${at.FAILED}, 0, text.length || 1) === 0)
      new Uint8Array(buffer, ${at.MESSAGE_ADDRESS}, text.length).set(text);
  };
  const patience = words[${at.PATIENCE}];
  let job = 0;
  const me = add(words, ${at.READY}, 1) + 1;
  const take = (range) => {
    const place = ${at.TICKETS} + range * ${at.TICKET_STEP};
    for (;;) {
      const ticket = load(words, place);
      const part = ticket & 255;
      if (ticket >> 8 !== job || part >= words[${at.ENDS} + range]) return -1;
      if (compareExchange(words, place, ticket, ticket + 1) === ticket) return part;
    }
  };
  for (;;) {
    for (let turn = 0; load(words, ${at.JOB}) === job; turn++)
      if (turn >= patience) wait(words, ${at.JOB}, job);
    job = load(words, ${at.JOB});
    const ranges = words[${at.RANGES}];
    for (let i = 0; i < ranges; i++) {
      const range = (me + i) % ranges;
      for (let part = take(range); part >= 0; part = take(range)) {
        const parts = words[${at.PARTS}];
        try {
          run(part);
        } catch (error) {
          fail(error);
        }
        if (add(words, ${at.DONE}, 1) + 1 === parts) notify(words, ${at.DONE});
      }
    }
  }
};
if (globalThis.process?.getBuiltinModule) work(process.getBuiltinModule('node:worker_threads').workerData);
else onmessage = ({ data }) => work(data);
`;
