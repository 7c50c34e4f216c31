import { FreeList } from './free-list.js';
import { engineMemory } from './memory.js';

/** What gives back its memory before its scope ends. */
export interface Releasable {
  release(): void;
}

/** A run of `scope`, as the tensors made in it know it. */
export interface Lifetime {
  /** Scopes are numbered from 1. */
  readonly scope: number;
  ended: boolean;
  /** What was given back before its end. */
  readonly free: FreeList;
  /** Tensors that have taken memory of it, for whoever gives some of them back; null where nobody does. */
  made: Releasable[] | null;
}

let count = 0;
let current: Lifetime | null = null;

/** The innermost open scope; null outside of scopes. */
export const currentScope = (): Lifetime | null => current;

const isThenable = (x: unknown): boolean =>
  typeof x === 'object' && x !== null && 'then' in x && typeof x.then === 'function';

const ASYNC =
  'scope: the function returned a promise, but what a scope makes ends with it; await outside, and call scope for each part';

/**
 * Runs `body`, and reuses the memory of all tensors made in it once it ends. Nothing needs to be freed by hand, and nothing
 * is left to the garbage collector: this is what makes training fast. A tensor that is to outlive the scope is kept with
 * {@link Tensor.keep}; using one that was not throws. Scopes nest. Outside of scopes, tensors are ordinary arrays.
 *
 * @example
 * const loss = scope(() => {
 *   const loss = objective(vae, x, epsilon).loss;
 *   adam.step(backward(loss, { retainGraph: false }));
 *   return loss.item();
 * });
 * @returns what `body` returns
 * @throws TypeError when `body` is asynchronous; OutOfMemoryError when it needs more than the engine may take.
 */
export function scope<T>(body: () => T & (T extends PromiseLike<unknown> ? never : unknown)): T {
  const memory = engineMemory();
  const mark = memory?.mark() ?? 0;
  const outer = current;
  const own: Lifetime = { scope: ++count, ended: false, free: new FreeList('down'), made: null };
  current = own;
  try {
    const result = body();
    if (isThenable(result)) throw new TypeError(ASYNC);
    return result;
  } finally {
    own.ended = true;
    current = outer;
    memory?.pop(mark);
  }
}
