import { complete, integer } from '../../nn/schema/index.js';
import { scope } from '../../tensor/memory/scope.js';
import type { Trainer, TrainingEvent } from '../../vae/training/index.js';
import { elboIn } from '../../vae/training/options.js';
import { firstSample } from '../first-rows.js';
import { type DimensionRow, dimensionRows } from './dimensions.js';
import { type Ledger, ledger } from './ledger.js';

/** The latent dimensions at one step of a training. */
export interface LedgerRecord {
  /** Gradient steps taken so far. */
  readonly at: number;
  /** Weight of the KL in the next step. */
  readonly beta: number;
  readonly dimensions: readonly DimensionRow[];
}

/** The ledger of the next step of `trainer`, which does not change. */
export function ledgerOf(trainer: Trainer): Ledger {
  const { beta, freeBits } = elboIn(epochOf(trainer), trainer.settings);
  return scope(() => {
    const { x, epsilon } = trainer.peek();
    return ledger(trainer.vae, x, firstSample(epsilon), { beta, freeBits });
  });
}

/** The epoch of the next step, counted from 1: after the last step of an epoch it is the next one. */
const epochOf = ({ epoch, step: done, steps }: Trainer): number => epoch + (done === steps ? 2 : 1);

const recorderSchema = {
  every: integer({ min: 1, default: 10, help: 'steps between two records' }),
};

/**
 * Records, every few steps of a training, what drives each latent dimension, to show later why it stays active or dies.
 * Recording does not change the training.
 *
 * @example
 * const recorder = new LedgerRecorder(trainer, { every: 20 });
 * for (const event of recorder.run()) if (event.type === 'epoch') console.log(event.metrics);
 * recorder.records;
 */
export class LedgerRecorder {
  readonly trainer: Trainer;
  readonly every: number;
  readonly #records: LedgerRecord[] = [];

  /** @param options `every`: steps between two records. Defaults to 10. @throws RangeError when it is out of range. */
  constructor(trainer: Trainer, options: { readonly every?: number } = {}) {
    this.trainer = trainer;
    this.every = complete(recorderSchema, options, 'LedgerRecorder').every;
  }

  /** The records so far, oldest first. */
  get records(): readonly LedgerRecord[] {
    return this.#records;
  }

  /** Records the current state, for callers that do not use {@link run}. */
  record(): LedgerRecord {
    const found = ledgerOf(this.trainer);
    const record = { at: this.#at, beta: found.beta, dimensions: dimensionRows(found) };
    this.#records.push(record);
    return record;
  }

  /**
   * Runs the training, with a record before its first step, at every multiple of `every`, and after its last step. The caller may
   * stop after any event and call it again.
   */
  *run(): Generator<TrainingEvent, void, undefined> {
    if (this.#records.at(-1)?.at !== this.#at) this.record();
    for (const event of this.trainer.run()) {
      const due = event.type === 'step' && this.#at % this.every === 0;
      if (due || (this.trainer.finished !== null && this.#records.at(-1)?.at !== this.#at)) this.record();
      yield event;
    }
  }

  /** Gradient steps taken. */
  get #at(): number {
    const { epoch, steps, step: done } = this.trainer;
    return epoch * steps + done;
  }
}
