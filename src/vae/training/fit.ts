import { checkOptions } from '../../tensor/known-options.js';
import type { EpochMetrics, StepEvent, VAETerm } from './events.js';
import type { Trainer } from './trainer.js';

/** What to do while training goes on; each may return a promise, which is awaited. */
export interface FitOptions<K extends string = VAETerm> {
  readonly onStep?: ((event: StepEvent<K>) => void | Promise<void>) | undefined;
  readonly onEpoch?: ((metrics: EpochMetrics<K>) => void | Promise<void>) | undefined;
  /** Keeps a checkpoint: after each epoch (before `onEpoch`), and at the end if there is anything since the last. */
  readonly checkpoint?: ((bytes: Uint8Array) => void | Promise<void>) | undefined;
  /** Ends training after the step under way. */
  readonly signal?: AbortSignal | undefined;
}

/** How a training run went, and why it stopped. */
export interface FitResult<K extends string = VAETerm> {
  readonly history: readonly EpochMetrics<K>[];
  /** 'done' after the last epoch, 'early' by early stopping, 'aborted' by the signal. */
  readonly stopped: 'done' | 'early' | 'aborted';
}

/** Longest time without a turn of the event loop (or one step, if that takes longer), in milliseconds. */
const TURN = 50;

const nextTurn = (): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, 0);
  });

/**
 * Trains to the end, or until the signal: the asynchronous way to drive a {@link Trainer}. The event loop gets a turn
 * at least every 50 ms or step, so that key presses, timers and pages stay alive.
 * @throws TrainingError as {@link Trainer.run}; whatever a callback throws. The last checkpoint then stays as it is.
 */
export async function fit<K extends string>(
  trainer: Trainer<K>,
  options: FitOptions<K> = {},
): Promise<FitResult<K>> {
  checkOptions(options, ['onStep', 'onEpoch', 'checkpoint', 'signal'], 'fit');
  const { onStep, onEpoch, checkpoint, signal } = options;
  let kept = false;
  let turned = performance.now();
  const keep = async (): Promise<void> => {
    kept = true;
    await checkpoint?.(trainer.checkpoint());
  };
  if (!signal?.aborted) {
    for (const event of trainer.run()) {
      kept = false;
      if (event.type === 'step') await onStep?.(event);
      else {
        if (checkpoint !== undefined) await keep();
        await onEpoch?.(event.metrics);
      }
      if (performance.now() - turned >= TURN) {
        await nextTurn();
        turned = performance.now();
      }
      if (signal?.aborted) break;
    }
  }
  if (checkpoint !== undefined && !kept) await keep();
  return { history: trainer.history, stopped: trainer.finished ?? 'aborted' };
}
