import { batch, useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { Arguments, CallName, Part, Result } from '../../shared/protocol.js';
import { app } from '../../state/app.js';
import { wordsOf } from '../../state/notices.js';
import { ask } from '../../state/training.js';

/** The answer to a question that takes a while, with what is known of it on the way. */
export interface Asked<K extends CallName> {
  /** The newest whole answer; it may be to an earlier question, see `busy`. */
  readonly value: Result<K> | null;
  /** The parts of the answer under way. */
  readonly parts: readonly Part<K>[];
  readonly busy: boolean;
  readonly problem: string | null;
}

/** A question follows a slider after it has rested for so many milliseconds. */
const REST = 60;

/**
 * Asks for something that takes many turns: anew when the arguments change, which gives up the question under way, and
 * when the model has changed and stands still again. While it trains, the last answer stays.
 * @param args plain JSON; null asks nothing
 */
export function useAsked<K extends CallName>(name: K, args: Arguments<K> | null): Asked<K> {
  const value = useSignal<Result<K> | null>(null);
  const parts = useSignal<readonly Part<K>[]>([]);
  const busy = useSignal(false);
  const problem = useSignal<string | null>(null);
  const ready = app.status === 'ready';
  // The step counts only while the model stands still: training on does not ask.
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
  // A question that is about to be put counts as well.
  const waits = key !== null && value.value === null && problem.value === null;
  return { value: value.value, parts: parts.value, busy: busy.value || waits, problem: problem.value };
}
