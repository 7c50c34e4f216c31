import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import type { Part, Result } from '../../shared/protocol.js';
import { app } from '../../state/app.js';
import { useAsk } from '../../state/ask.js';
import { viewParams } from '../../state/params.js';
import { estimatorsSchema } from './choices.js';

export const params = viewParams(estimatorsSchema);

/** Draws for the reference. */
export const REFERENCE_DRAWS = 512;

type Draws = Extract<Part<'estimatorsDraw'>, { phase: 'draws' }>;

/** A comparison so far. */
export interface Comparison {
  readonly about: Result<'estimatorsBegin'>;
  readonly parts: readonly Draws[];
  /** The newest part: the reference gradient and the report. */
  readonly last: Draws | undefined;
  readonly referenceDone: number;
  readonly done: number;
}

/** For each draw of an estimator, the sum of the numbers at `indices` of its estimate. */
export function sumsOf({ about, parts }: Comparison, name: string, indices: readonly number[]): Float32Array {
  const width = 2 * about.batch * about.latent;
  const sums = new Float32Array(
    parts.reduce((size, { estimates }) => size + estimates[name].length / width, 0),
  );
  let k = 0;
  for (const { estimates } of parts) {
    const numbers = estimates[name];
    for (let from = 0; from < numbers.length; from += width, k++)
      for (const index of indices) sums[k] += numbers[from + index];
  }
  return sums;
}

/** The comparison at the step where the model last stood still, and what can be done with it. */
export function useComparison() {
  const { batch, draws } = params.value;
  const isPaused = useSignal(false);
  /** The step to compare at: where the model last stood still, or where the person asked for it. */
  const at = useRef(-1);
  if (app.still) at.current = app.step;
  const asked = at.current < 0 ? null : { batch: Number(batch) };
  const begun = useAsk('estimatorsBegin', asked, { at: at.current });
  const about = begun.value;
  const drawing = useAsk(
    'estimatorsDraw',
    about === null || isPaused.value
      ? null
      : { id: about.id, reference: REFERENCE_DRAWS, draws: Number(draws) },
    { at: 0, series: about?.id },
  );
  const parts = drawing.parts.filter((part) => part.phase === 'draws');
  const last = parts.at(-1);
  const done = last?.done ?? 0;
  const again = (): void => {
    isPaused.value = false;
    at.current = app.step;
    begun.again();
  };
  useEffect(() => {
    if (done > Number(draws)) again();
    return drawing.stop;
  }, [draws, about?.id]);
  const first = drawing.parts.findLast((part) => part.phase === 'reference');
  const comparison: Comparison | null = about && {
    about,
    parts,
    last,
    done,
    referenceDone: first?.done ?? 0,
  };
  return {
    comparison,
    problem: begun.problem ?? drawing.problem,
    isDrawing: drawing.busy,
    isDone: done >= Number(draws),
    pause: () => {
      isPaused.value = true;
      drawing.stop();
    },
    goOn: () => {
      isPaused.value = false;
      drawing.again();
    },
    again,
  };
}
