import { useEffect, useState } from 'preact/hooks';
import type { Pending } from '../../state/engine.js';
import { wordsOf } from '../../state/notices.js';

export interface Answer<T> {
  /** What the engine said last; null before it has. */
  readonly value: T | null;
  /** Why there is no newer one. */
  readonly problem: string | null;
  /** Whether `value` answers the question that is asked now. */
  readonly fresh: boolean;
}

interface Said<T> {
  readonly key: string;
  readonly value: T | null;
  readonly problem: string | null;
}

/**
 * Asks the engine whenever the key changes, and gives up the question before. The last answer stays until there is a new one; while the key
 * is null nothing is asked.
 */
export function useAnswer<T>(key: string | null, question: () => Pending<T>): Answer<T> {
  const [said, setSaid] = useState<Said<T>>({ key: '', value: null, problem: null });
  // The key says all that the question depends on.
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
