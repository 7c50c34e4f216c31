import { engineMemory } from './memory.js';

/** A run of `step`, as the tensors know it that were made in it. */
export interface Lifetime {
  /** Steps are counted from 1. */
  readonly step: number;
  ended: boolean;
}

let count = 0;
let current: Lifetime | null = null;

/** The innermost step under way; null outside of steps. */
export const currentStep = (): Lifetime | null => current;

const isThenable = (x: unknown): boolean =>
  typeof x === 'object' && x !== null && 'then' in x && typeof x.then === 'function';

const ASYNC =
  'step: the function returned a promise, but what a step makes ends with it; await outside, and call step for each part';

/**
 * Runs `body`; the memory of all tensors made in it is used again once it is over. Nothing needs to be freed by hand, and
 * nothing is left to the garbage collector: this is what makes training fast. A tensor that is to outlive the step
 * is kept with {@link Tensor.keep}; using one that was not throws. Steps may stand inside each other. Outside of steps,
 * tensors are ordinary arrays.
 *
 * @example
 * const loss = step(() => {
 *   const loss = objective(vae, x, epsilon).loss;
 *   adam.step(backward(loss));
 *   return loss.item();
 * });
 * @returns what `body` returns
 * @throws TypeError when `body` is asynchronous; OutOfMemoryError when it needs more than the engine may take.
 */
export function step<T>(body: () => T & (T extends PromiseLike<unknown> ? never : unknown)): T {
  const memory = engineMemory();
  const mark = memory?.mark() ?? 0;
  const outer = current;
  const own: Lifetime = { step: ++count, ended: false };
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
