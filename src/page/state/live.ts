import { batch, useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import type { Arguments, CallName, Result } from '../shared/protocol.js';
import { app } from './app.js';
import type { Pending } from './engine.js';
import { wordsOf } from './notices.js';
import { ask } from './training.js';

/** An answer that follows the model. */
export interface Live<T> {
  /** The newest answer; null before there is one. */
  readonly value: T | null;
  /** Why the last question failed; null if it did not. */
  readonly problem: string | null;
}

/** Milliseconds between questions while training: each takes time from the steps. */
const BETWEEN = 300;

/**
 * Asks the engine whenever the model or the arguments have changed, one question at a time, so that a view keeps up with
 * the training without slowing it down.
 * @param args plain JSON; null asks nothing
 * @param between milliseconds from one question to the next while training
 */
export function useLive<K extends CallName>(
  name: K,
  args: Arguments<K> | null,
  between = BETWEEN,
): Live<Result<K>> {
  const value = useSignal<Result<K> | null>(null);
  const problem = useSignal<string | null>(null);
  const answers = useSignal(0);
  const pending = useRef<{ readonly session: number; readonly question: Pending<Result<K>> } | null>(null);
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const asked = useRef({ at: -1, key: '', time: 0 });
  const number = app.session;
  const key = `${number} ${JSON.stringify(args)}`;
  const now = app.step;
  const ready = app.status === 'ready' || app.status === 'training';
  // Reading it runs the effect below after each answer, to ask again if something has changed.
  answers.value;

  useEffect(() => {
    clearTimeout(timer.current);
    const last = asked.current;
    if (!ready || args === null || (last.at === now && last.key === key)) return;
    // A restarted engine does not answer questions put to the previous one.
    if (pending.current?.session === number) return;
    const put = (): void => {
      asked.current = { at: now, key, time: performance.now() };
      const question = ask(name, args);
      pending.current = { session: number, question };
      const settle = (answer: Result<K> | null, words: string | null): void => {
        if (pending.current?.question !== question) return;
        pending.current = null;
        batch(() => {
          if (answer !== null) value.value = answer;
          problem.value = words;
          answers.value++;
        });
      };
      question.then(
        (answer) => settle(answer, null),
        (error: unknown) => settle(null, wordsOf(error)),
      );
    };
    const wait = last.key === key && app.status === 'training' ? last.time + between - performance.now() : 0;
    if (wait > 0) timer.current = setTimeout(put, wait);
    else put();
  });
  useEffect(
    () => () => {
      clearTimeout(timer.current);
      pending.current?.question.cancel();
    },
    [],
  );
  return { value: value.value, problem: problem.value };
}
