import * as at from '../../memory/control.js';

/**
 * What a worker runs, as text: a file of its own would have to be found again by every bundler and loader. It waits for a job,
 * takes parts of it while there are any, and waits again. A kernel it does not know yet is compiled from the bytes that
 * stand in the shared memory. An error is left there as text for the thread that waits.
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
  add(words, ${at.READY}, 1);
  for (;;) {
    for (let turn = 0; load(words, ${at.JOB}) === job; turn++)
      if (turn >= patience) wait(words, ${at.JOB}, job);
    job = load(words, ${at.JOB});
    for (;;) {
      const ticket = load(words, ${at.TICKET});
      const part = ticket & 255;
      const parts = words[${at.PARTS}];
      if (ticket >> 8 !== job || part >= parts) break;
      if (compareExchange(words, ${at.TICKET}, ticket, ticket + 1) !== ticket) continue;
      try {
        run(part);
      } catch (error) {
        fail(error);
      }
      if (add(words, ${at.DONE}, 1) + 1 === parts) notify(words, ${at.DONE});
    }
  }
};
if (globalThis.process?.getBuiltinModule) work(process.getBuiltinModule('node:worker_threads').workerData);
else onmessage = ({ data }) => work(data);
`;
