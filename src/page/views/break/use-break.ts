import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { type BreakPart, type BreakReport, EMPTY, withPart } from '../../../study/break/report.js';
import type { MutationName } from '../../../study/break/words.js';
import type { BreakStart } from '../../shared/break.js';
import { app } from '../../state/app.js';
import { wordsOf } from '../../state/notices.js';
import { ask } from '../../state/training.js';

/** Both runs so far. */
export interface BreakState {
  readonly start: BreakStart | null;
  readonly report: BreakReport;
  readonly busy: boolean;
  /** Why the engine could not continue. */
  readonly problem: string | null;
}

const NOTHING: BreakState = { start: null, report: EMPTY, busy: false, problem: null };

/**
 * Runs a mutation beside the right trick in the engine, from the current model: again for another mutation, and when the
 * model stops at another step. While it trains, the runs stay with the step they began at.
 */
export function useBreak(
  mutation: MutationName,
  steps: number,
): { readonly state: BreakState; stop(): void; again(): void } {
  const state = useSignal<BreakState>(NOTHING);
  const round = useSignal(0);
  const stop = useRef<() => void>(() => {});
  const alive = app.status === 'ready' || app.status === 'training';
  /** The step at which the model last stopped. */
  const rested = useRef(-1);
  if (app.status === 'ready') rested.current = app.step;

  useEffect(() => {
    if (!alive) return;
    let waiting: (BreakPart | BreakStart)[] = [];
    let frame = 0;
    const flush = (): void => {
      frame = 0;
      let { start, report } = state.value;
      for (const part of waiting) {
        if (part.kind === 'start') start = part;
        else report = withPart(report, part);
      }
      waiting = [];
      state.value = { ...state.value, start, report };
    };
    state.value = { ...NOTHING, busy: true };
    const pending = ask('breakRun', { mutation, steps }, (part) => {
      waiting.push(part);
      // Once a frame, however quickly parts arrive.
      if (frame === 0) frame = requestAnimationFrame(flush);
    });
    const end = (problem: string | null): void => {
      cancelAnimationFrame(frame);
      flush();
      state.value = { ...state.value, busy: false, problem };
    };
    pending.then(
      () => end(null),
      (error: unknown) => end(wordsOf(error)),
    );
    const cancel = (): void => {
      cancelAnimationFrame(frame);
      pending.cancel();
    };
    stop.current = () => {
      cancel();
      flush();
      state.value = { ...state.value, busy: false };
    };
    return cancel;
  }, [mutation, steps, alive, app.session, rested.current, round.value]);

  return {
    state: state.value,
    stop: () => stop.current(),
    again: () => {
      round.value++;
    },
  };
}
