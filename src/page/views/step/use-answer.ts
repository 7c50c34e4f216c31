import { useEffect, useState } from 'preact/hooks';
import type { Pending } from '../../state/engine.js';
import { wordsOf } from '../../state/notices.js';

export interface Answer<T> {
  /** The last answer; null before the first. */
  readonly value: T | null;
  /** Why the last question failed; null if it did not. */
  readonly problem: string | null;
  /** Whether `value` answers the current question. */
  readonly fresh: boolean;
}

interface Said<T> {
  readonly key: string;
  readonly value: T | null;
  readonly problem: string | null;
}

/**
 * Asks the engine whenever the key changes, and cancels the previous question. The last answer stays until there is a new
 * one. A null key asks nothing.
 */
export function useAnswer<T>(key: string | null, question: () => Pending<T>): Answer<T> {
  const [said, setSaid] = useState<Said<T>>({ key: '', value: null, problem: null });
  // The question depends on the key alone.
  useEffect(() => {
    if (key === null) return;
    const pending = question();
    pending.then(
      (value) => setSaid({ key, value, problem: null }),
      (error: unknown) => setSaid((before) => ({ key, value: before.value, problem: wordsOf(error) })),
    );
    return () => pending.cancel();
  }, [key]);
  return { value: said.value, problem: said.problem, fresh: said.key === key && said.problem === null };
}
