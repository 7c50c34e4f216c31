import { CONTROL } from '../../memory/memory.js';
import { MESSAGE_BYTES, WORDS } from './layout.js';

/**
 * What a worker runs, as text: a file of its own would have to be found again by every bundler and loader. It waits for a job,
 * takes parts of it while there are any, and waits again. A kernel it does not know yet is compiled from the bytes that
 * stand in the shared memory. An error is left there as text for the thread that waits.
 */
export const WORKER_SOURCE = `
'use strict';
const work = (memory) => {
  const words = new Int32Array(memory.buffer, ${CONTROL.address}, ${CONTROL.bytes / 4});
  const kernels = [];
  const kernel = (id) => {
    if (kernels[id] === undefined) {
      const [address, length] = [words[${WORDS.kernels} + 2 * id], words[${WORDS.kernels} + 2 * id + 1]];
      const bytes = new Uint8Array(memory.buffer, address, length).slice();
      const instance = new WebAssembly.Instance(new WebAssembly.Module(bytes), { env: { memory } });
      kernels[id] = Object.values(instance.exports)[0];
    }
    return kernels[id];
  };
  const runPart = (part) => {
    const width = words[${WORDS.width}];
    const from = ${WORDS.arguments} + part * width;
    kernel(words[${WORDS.kernel}])(...words.subarray(from, from + width));
  };
  const fail = (error) => {
    const text = new TextEncoder().encode(String(error && error.stack || error)).subarray(0, ${MESSAGE_BYTES});
    if (Atomics.compareExchange(words, ${WORDS.failed}, 0, text.length || 1) !== 0) return;
    new Uint8Array(memory.buffer, ${CONTROL.address + 4 * WORDS.message}, text.length).set(text);
  };
  let job = 0;
  Atomics.add(words, ${WORDS.ready}, 1);
  for (;;) {
    for (let turn = 0; Atomics.load(words, ${WORDS.job}) === job; turn++) {
      if (turn >= words[${WORDS.patience}]) Atomics.wait(words, ${WORDS.job}, job);
    }
    job = Atomics.load(words, ${WORDS.job});
    for (;;) {
      const ticket = Atomics.load(words, ${WORDS.ticket});
      const parts = words[${WORDS.parts}];
      if (ticket >> 8 !== job || (ticket & 255) >= parts) break;
      if (Atomics.compareExchange(words, ${WORDS.ticket}, ticket, ticket + 1) !== ticket) continue;
      try {
        runPart(ticket & 255);
      } catch (error) {
        fail(error);
      }
      if (Atomics.add(words, ${WORDS.done}, 1) + 1 === parts) Atomics.notify(words, ${WORDS.done});
    }
  }
};
if (typeof process !== 'undefined' && process.getBuiltinModule) {
  work(process.getBuiltinModule('node:worker_threads').workerData);
} else {
  onmessage = ({ data }) => work(data);
}
`;
