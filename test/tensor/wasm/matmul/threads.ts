import { Runtime } from '../../../../src/tensor/wasm/runtime.js';
import { controlWords, WORDS } from '../../../../src/tensor/wasm/threads/layout.js';
import { runtime } from '../runtime.js';

let made: { readonly count: number; readonly on: Runtime } | undefined;

/** A runtime of several threads, one for a test file, once all of them are up: before, the caller works alone. */
export async function threads(count: number): Promise<Runtime> {
  made ??= { count, on: new Runtime(runtime.memory, count) };
  if (made.count !== count || made.on.threads !== count)
    throw new Error(`there are no ${count} threads here`);
  while (Atomics.load(controlWords(runtime.memory.buffer), WORDS.ready) < count - 1) {
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  return made.on;
}
