import { Random } from '../../autograd/ops/random.js';
import type { Dataset, LabeledDataset } from '../../data/dataset.js';
import { pick } from '../../nn/schema/index.js';
import { configFor, type GivenConfig } from '../../vae/config.js';
import { completeSpec, minParameters, type VAESpec } from '../../vae/spec.js';
import { type EpochMetrics, Trainer, type TrainingEvent } from '../../vae/training/index.js';
import { elboIn } from '../../vae/training/options.js';
import { VAE } from '../../vae/vae.js';
import { partsIn } from '../shared/parts.js';
import { pageArchitecture, pageTraining, type Settings } from '../shared/settings.js';
import { glyphData, type SessionData } from './data.js';
import { largestSide } from './room.js';

/** The page trains until it is stopped. */
const EPOCHS = 100_000;

/** One training: a model, its data and its optimiser, all determined by the settings and the person's own files. */
export class Session {
  readonly settings: Settings;
  readonly data: SessionData;
  readonly trainer: Trainer;
  /** The training under way. */
  #turns: Generator<TrainingEvent | null, void> | null = null;

  constructor(settings: Settings, data: SessionData = glyphData(settings), trainer?: Trainer) {
    this.data = data;
    this.trainer = trainer ?? newTrainer(settings, data);
    // Parts of a file say for themselves how many dimensions z has.
    this.settings = { ...settings, latent: this.vae.latent };
  }

  /**
   * Goes on from a checkpoint.
   * @param file name for errors
   * @throws CheckpointError when it is damaged; RangeError or ShapeError when it was made with other data.
   */
  static resume(settings: Settings, data: SessionData, bytes: Uint8Array, file: string): Session {
    const { train, test } = data;
    return new Session(settings, data, Trainer.resume(bytes, file, { train, test, epochs: EPOCHS }));
  }

  get vae(): VAE {
    return this.trainer.vae;
  }

  get train(): LabeledDataset {
    return this.data.train;
  }

  get test(): LabeledDataset {
    return this.data.test;
  }

  /** Gradient steps taken since the start. */
  get at(): number {
    return this.trainer.epoch * this.trainer.steps + this.trainer.step;
  }

  /** Weight of the KL in the next step. */
  get beta(): number {
    return elboIn(this.trainer.epoch + (this.evaluates ? 2 : 1), this.trainer.settings).beta;
  }

  /** The metrics of the last whole epoch; null before the first. */
  get lastEpoch(): EpochMetrics | null {
    return this.trainer.history.at(-1) ?? null;
  }

  /** Whether the last step of an epoch is taken, and its evaluation is still to come. */
  get evaluates(): boolean {
    return this.trainer.step === this.trainer.steps;
  }

  /**
   * One gradient step, or a part of the evaluation at the end of an epoch: null unless that was the last one.
   * @throws TrainingError when a loss or gradient is not finite.
   */
  turn(): TrainingEvent | null {
    this.#turns ??= this.trainer.turns();
    try {
      const { value } = this.#turns.next();
      if (value !== undefined) return value;
    } catch (error) {
      this.#turns = null;
      throw error;
    }
    throw new Error('the training is over');
  }
}

/** The most parameters of a model from an address, about those of the largest settings. */
const MAX_PARAMETERS = 2 ** 25;

/** The model of the settings, or the parts from a file that stand for it. @throws Error when they are none. */
function partsOf({ model, ...settings }: Settings, data: Dataset): GivenConfig | VAESpec {
  if (model === null) return configFor(data, pick(pageArchitecture, settings));
  const spec = completeSpec(partsIn(model));
  if (minParameters(spec) > MAX_PARAMETERS) throw new Error('it is too large for this page');
  return spec;
}

function newTrainer(settings: Settings, { train, test, image: { rows, columns } }: SessionData): Trainer {
  const side = largestSide(settings);
  if (settings.data === 'own' && settings.model === null && rows * columns > side * side) {
    throw new Error(
      `the engine has no memory for this model on images of ${rows} x ${columns}: for ${side} x ${side} at most. Smaller hidden layers or batches need less.`,
    );
  }
  const stream = new Random(settings.seed).stream('init');
  const vae = new VAE(partsOf(settings, train), { stream });
  return new Trainer(vae, { train, test, epochs: EPOCHS, ...pick(pageTraining, settings) });
}
