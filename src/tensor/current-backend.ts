import { simdBackend } from '../device/wasm/backend.js';
import type { Backend, BackendName } from './backend.js';

const plainBackend: Backend = {
  name: 'plain',
  threads: 1,
  compute: () => false,
  work: () => undefined,
};

const isName = (name: unknown): name is BackendName => name === 'simd' || name === 'plain';

function select(name: unknown, who: string): Backend {
  if (!isName(name)) {
    throw new RangeError(`${who}: there is no backend '${String(name)}'; there are 'simd' and 'plain'`);
  }
  // An engine without SIMD runs the plain kernels: slower, nothing else differs.
  return (name === 'simd' ? simdBackend() : null) ?? plainBackend;
}

/** PATHWISE_BACKEND, where there is an environment. */
const wished = typeof process === 'undefined' ? undefined : process.env?.PATHWISE_BACKEND;

let current: Backend | undefined;

/**
 * The backend in use: 'simd' where the engine has it, unless set otherwise here or by PATHWISE_BACKEND.
 * @throws RangeError when PATHWISE_BACKEND is an unknown name.
 */
export function backend(): Backend {
  current ??= select(wished || 'simd', 'PATHWISE_BACKEND');
  return current;
}

/**
 * Chooses the backend for all ops from now on. 'simd' on an engine without it leaves the plain kernels in place.
 * @throws RangeError for an unknown name.
 */
export function setBackend(name: BackendName): void {
  current = select(name, 'setBackend');
}
