import { imageDataset, type LabeledDataset } from '../../data/dataset.js';
import { drawGlyphs } from '../../data/glyphs/index.js';
import type { DataSplit } from '../../data/images.js';
import { Random } from '../../tensor/random/index.js';
import { presets } from '../../vae/config.js';
import { type EpochMetrics, type StepEvent, Trainer } from '../../vae/training/index.js';
import { VAE } from '../../vae/vae.js';
import type { Settings } from '../state/settings.js';

/** Where the drawn test digits begin, as in `pathwise train`. */
const TEST_START = 60_000;
const TEST_COUNT = 2000;
/** The page trains until it is stopped. */
const EPOCHS = 100_000;

/** The drawn digits that the settings ask for: those that `pathwise train --limit` draws too. */
export function glyphsOf({ seed, count }: Settings): DataSplit {
  return {
    train: drawGlyphs({ count, seed }),
    test: drawGlyphs({ count: Math.min(count, TEST_COUNT), seed, start: TEST_START }),
  };
}

/** One training: a model, its data and its optimiser. All of it follows from the settings. */
export class Session {
  readonly settings: Settings;
  readonly images: DataSplit;
  readonly train: LabeledDataset;
  readonly test: LabeledDataset;
  readonly trainer: Trainer;
  #lastEpoch: EpochMetrics | null = null;

  constructor(settings: Settings, images: DataSplit) {
    const { preset, latent, likelihood, seed, beta, learningRate } = settings;
    this.settings = settings;
    this.images = images;
    this.train = imageDataset(images.train);
    this.test = imageDataset(images.test);
    const { hidden } = presets[preset];
    const vae = new VAE(
      { features: this.train.features, hidden, latent, likelihood },
      { stream: new Random(seed).stream('init') },
    );
    this.trainer = new Trainer(vae, {
      train: this.train,
      test: this.test,
      epochs: EPOCHS,
      beta,
      learningRate,
      seed,
    });
  }

  get vae(): VAE {
    return this.trainer.vae;
  }

  /** Gradient steps taken since the start. */
  get at(): number {
    return this.trainer.epoch * this.trainer.steps + this.trainer.step;
  }

  /** What came of the last whole epoch; null before there is one. */
  get lastEpoch(): EpochMetrics | null {
    return this.#lastEpoch;
  }

  /**
   * One gradient step, and the evaluation of the epoch before where one is due.
   * @throws TrainingError when a loss or gradient is not finite.
   */
  advance(): StepEvent {
    for (const event of this.trainer.run()) {
      if (event.type === 'step') return event;
      this.#lastEpoch = event.metrics;
    }
    throw new Error('the training is over');
  }
}
