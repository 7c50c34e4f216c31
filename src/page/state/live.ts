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
  /** What went wrong the last time; null where nothing did. */
  readonly problem: string | null;
}

/** Time between two questions while training, in milliseconds: each takes time from the steps. */
const BETWEEN = 300;

/**
 * Asks the engine, again whenever the model has changed or the arguments have, one question at a time: a view of it that
 * keeps up with the training without holding it up.
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
  // Read, so that each answer brings the effect below on again, which asks for what has changed meanwhile.
  answers.value;

  useEffect(() => {
    clearTimeout(timer.current);
    const last = asked.current;
    if (!ready || args === null || (last.at === now && last.key === key)) return;
    // An engine that was started anew does not answer what the one before was asked.
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
