import type { Tensor } from './tensor.js';
import { simdBackend } from './wasm/backend.js';

/**
 * Quick kernels behind the ops. A backend computes an op on float32 tensors with the bits of the plain kernel, or
 * declines; then the plain kernel runs, so that no op is ever missing.
 */
export interface Backend {
  readonly name: BackendName;
  /** Fills `out` and returns true, or returns false with `out` untouched. */
  compute(op: string, out: Tensor, inputs: readonly Tensor[], attributes: unknown): boolean;
}

/** 'simd': kernels in WebAssembly, emitted when first needed; 'plain': TypeScript alone. Results are the same in every bit. */
export type BackendName = 'simd' | 'plain';

const plainBackend: Backend = { name: 'plain', compute: () => false };

const isName = (name: unknown): name is BackendName => name === 'simd' || name === 'plain';

function select(name: BackendName): Backend {
  // An engine without SIMD runs the plain kernels: slower, nothing else differs.
  return (name === 'simd' ? simdBackend() : null) ?? plainBackend;
}

/** PATHWISE_BACKEND, where there is an environment. */
const wished = typeof process === 'undefined' ? undefined : process.env?.PATHWISE_BACKEND;

let current: Backend | undefined;

/** The backend in use: 'simd' where the engine has it, unless set otherwise here or by PATHWISE_BACKEND. */
export function backend(): Backend {
  current ??= select(isName(wished) ? wished : 'simd');
  return current;
}

/**
 * Chooses the backend for all ops from now on. 'simd' on an engine without it leaves the plain kernels in place.
 * @throws RangeError for an unknown name.
 */
export function setBackend(name: BackendName): void {
  if (!isName(name))
    throw new RangeError(`setBackend: there is no backend '${String(name)}'; there are 'simd' and 'plain'`);
  current = select(name);
}
