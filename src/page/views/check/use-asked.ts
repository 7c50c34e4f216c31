import { batch, useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { Arguments, CallName, Part, Result } from '../../shared/protocol.js';
import { app } from '../../state/app.js';
import { wordsOf } from '../../state/notices.js';
import { ask } from '../../state/training.js';

/** The answer to a long question, with its parts so far. */
export interface Asked<K extends CallName> {
  /** The newest complete answer; while `busy`, to an earlier question. */
  readonly value: Result<K> | null;
  /** The parts of the pending answer. */
  readonly parts: readonly Part<K>[];
  readonly busy: boolean;
  readonly problem: string | null;
}

/** Milliseconds that a slider must rest before its question is asked. */
const REST = 60;

/**
 * Asks a question that takes many turns: again when the arguments change, which cancels the pending question, and when the
 * model has changed and is at rest. While it trains, the last answer stays.
 * @param args plain JSON; null asks nothing
 */
export function useAsked<K extends CallName>(name: K, args: Arguments<K> | null): Asked<K> {
  const value = useSignal<Result<K> | null>(null);
  const parts = useSignal<readonly Part<K>[]>([]);
  const busy = useSignal(false);
  const problem = useSignal<string | null>(null);
  const ready = app.status === 'ready';
  // The step is part of the key only while the model is at rest.
  const key = ready && args !== null ? `${app.session} ${app.step} ${JSON.stringify(args)}` : null;

  useEffect(() => {
    if (key === null || args === null) return;
    let cancel = (): void => {};
    const put = (): void => {
      parts.value = [];
      busy.value = true;
      const question = ask(name, args, (part) => {
        parts.value = [...parts.value, part];
      });
      cancel = () => question.cancel();
      const settle = (answer: Result<K> | null, words: string | null): void => {
        batch(() => {
          if (answer !== null) value.value = answer;
          busy.value = false;
          problem.value = words;
        });
      };
      question.then(
        (answer) => settle(answer, null),
        (error: unknown) => settle(null, wordsOf(error)),
      );
    };
    const timer = setTimeout(put, REST);
    return () => {
      clearTimeout(timer);
      cancel();
    };
  }, [key]);
  // The wait before a question counts as busy too.
  const waits = key !== null && value.value === null && problem.value === null;
  return { value: value.value, parts: parts.value, busy: busy.value || waits, problem: problem.value };
}
