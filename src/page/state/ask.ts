import { batch, useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { messageOf } from '../../tensor/describe.js';
import type { Arguments, CallName, Part, Result } from '../shared/protocol.js';
import { app } from './app.js';
import type { Pending } from './engine.js';
import { slow } from './frames.js';
import { ask } from './training.js';

interface State<K extends CallName> {
  /** The newest answer; null before there is one. While `busy`, it is to an earlier question. */
  readonly value: Result<K> | null;
  /** What a call that yields parts has sent of its newest answer. */
  readonly parts: readonly Part<K>[];
  /** Why the last question failed; null if it did not. */
  readonly problem: string | null;
}

/** An answer of the engine that follows the model. */
export interface Asked<K extends CallName> extends State<K> {
  /** Whether there is a question without an answer. */
  readonly busy: boolean;
  /** Ends a call that yields parts; those that it has sent still arrive. */
  stop(): void;
  /** Asks the same question again, after the pending one. */
  again(): void;
}

export interface AskOptions {
  /** The model's state that the answer is about: a change asks again. Defaults to its step. */
  readonly at?: number;
  /** Whether a change cancels the pending question. Defaults to false: the next one waits for its answer. */
  readonly restart?: boolean;
  /** Milliseconds from one question to the next while training: each takes time from the steps. Defaults to 300. */
  readonly between?: number;
  /** The parts of successive questions with one series are collected together. */
  readonly series?: number | undefined;
}

/** Milliseconds that arguments must rest before they replace those of a pending question: a slider moves many times. */
const REST = 60;
/** The most of the engine's time that one question asked again and again may take from the steps: one part in so many. */
const SHARE = 20;
/** Milliseconds between updates with new parts, however quickly they arrive. */
const PARTS = 100;

/**
 * Asks the engine, and again whenever the arguments or the model change, one question at a time, so that a view keeps up with
 * the training without slowing it down. The last answer stays until there is a new one.
 * @param args plain JSON; null asks nothing
 */
export function useAsk<K extends CallName>(
  name: K,
  args: Arguments<K> | null,
  { at = app.step, restart = false, between = 300, series }: AskOptions = {},
): Asked<K> {
  const state = useSignal<State<K>>({ value: null, parts: [], problem: null });
  /** The key of the last question that was answered, or failed. */
  const settled = useSignal<string | null>(null);
  /** Changes to ask once more. */
  const rounds = useSignal(0);
  const pending = useRef<{ readonly session: number; readonly call: Pending<Result<K>> } | null>(null);
  const asked = useRef<{
    key: string | null;
    question: string;
    time: number;
    took: number;
    series?: number | undefined;
  }>({ key: null, question: '', time: 0, took: 0 });
  const { session, status } = app;
  const question = `${session} ${JSON.stringify(args)}`;
  const key = args !== null && (status === 'ready' || status === 'training') ? `${at} ${question}` : null;

  const giveUp = (): void => {
    if (pending.current === null) return;
    pending.current.call.cancel();
    pending.current = null;
    asked.current = { ...asked.current, key: null };
  };
  const put = (): void => {
    if (args === null) return;
    const isContinued = series !== undefined && series === asked.current.series;
    asked.current = { ...asked.current, key, question, time: performance.now(), series };
    settled.value = null;
    if (!isContinued) state.value = { ...state.value, parts: [] };
    const fresh: Part<K>[] = [];
    let timer: ReturnType<typeof setTimeout> | undefined;
    const call = ask(name, args, (part) => {
      fresh.push(part);
      timer ??= setTimeout(() => update({}), PARTS);
    });
    const update = (changes: Partial<State<K>>): void => {
      clearTimeout(timer);
      timer = undefined;
      if (pending.current?.call !== call) return;
      state.value = { ...state.value, parts: [...state.value.parts, ...fresh.splice(0)], ...changes };
    };
    const settle = (changes: Partial<State<K>>): void =>
      batch(() => {
        if (pending.current?.call !== call) return;
        update(changes);
        asked.current.took = call.took();
        pending.current = null;
        settled.value = key;
      });
    pending.current = { session, call };
    call.then(
      (value) => settle({ value, problem: null }),
      (error: unknown) => settle({ problem: messageOf(error) }),
    );
  };

  // Also after each answer, to ask again if something has changed in the meantime.
  useEffect(() => {
    // A restarted engine does not answer questions put to the previous one.
    if (pending.current?.session !== session || (restart && key !== asked.current.key)) giveUp();
    const last = asked.current;
    if (key === null || key === last.key || pending.current !== null) return;
    const isPaced = last.question === question && status === 'training';
    const wait = restart
      ? REST
      : isPaced
        ? last.time + Math.max((slow.value ? 2 : 1) * between, SHARE * last.took) - performance.now()
        : 0;
    if (wait <= 0) return put();
    const timer = setTimeout(put, wait);
    return () => clearTimeout(timer);
  }, [key, settled.value, rounds.value]);
  useEffect(() => giveUp, []);
  return {
    ...state.value,
    busy: key !== null && key !== settled.value,
    stop: () => pending.current?.call.stop(),
    again: () => {
      if (restart) giveUp();
      asked.current = { ...asked.current, key: null };
      settled.value = null;
      rounds.value++;
    },
  };
}
