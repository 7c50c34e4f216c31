import { Runtime } from '../../../../src/device/wasm/runtime.js';
import { runtime } from '../runtime.js';

let made: { readonly count: number; readonly on: Runtime } | undefined;

/** A runtime of several threads, one for a test file, once all of them are up: before, the caller works alone. */
export async function threads(count: number): Promise<Runtime> {
  made ??= { count, on: new Runtime(runtime.memory, count) };
  if (made.count !== count || made.on.threads !== count)
    throw new Error(`there are no ${count} threads here`);
  while (made.on.ready < count) {
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  return made.on;
}
