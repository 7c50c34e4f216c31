import type { Random } from '../../autograd/ops/random.js';
import type { Dataset } from '../../data/dataset.js';
import { bernoulli, normal } from '../../tensor/create.js';
import type { DType } from '../../tensor/dtype.js';
import { checkDataset, type Evaluation, evaluate } from '../evaluate.js';
import { klWarmup, type Objective, objective } from '../objective.js';
import type { VAE } from '../vae.js';
import { checkRange } from './data.js';
import { TrainingError } from './errors.js';
import type { Metrics } from './events.js';
import type { TrainingOptions, TrainingSettings } from './options.js';
import type { Task, TrainingBatch, TrainingStreams } from './task.js';

/** The objective of a VAE. */
export class VAETask implements Task {
  readonly dtype: DType;
  readonly zero: Metrics = { loss: 0, reconstruction: 0, kl: 0 };
  readonly #train: Dataset;
  readonly #test: Dataset | undefined;

  /**
   * @throws RangeError for an empty data set, or a value that the likelihood does not take; ShapeError when examples do not
   * fit the model.
   */
  constructor(
    readonly model: VAE,
    { train, test }: Pick<TrainingOptions, 'train' | 'test'>,
    private readonly settings: TrainingSettings,
    private readonly random: Random,
  ) {
    for (const [part, data] of Object.entries({ train, test })) {
      if (data === undefined) continue;
      checkDataset(model, data, `Trainer, ${part}`);
      checkRange(model.likelihood, data, settings.binarize, `Trainer, ${part}`);
    }
    this.dtype = model.dtype;
    this.#train = train;
    this.#test = test;
  }

  batch(indices: Int32Array, streams: TrainingStreams): TrainingBatch {
    const { dtype, model } = this;
    const rows = this.#train.batch(indices, dtype);
    const x = this.settings.binarize ? bernoulli(rows.shape, streams.binarize, rows, { dtype }) : rows;
    const epsilon = normal([x.shape[0], model.posterior.noise], streams.epsilon, { dtype });
    const { labels: all } = this.#train;
    const labels = model.condition === null || all === undefined ? undefined : indices.map((i) => all[i]);
    return { x: x.named('x'), epsilon: epsilon.named('epsilon'), indices, labels };
  }

  /** Weight of the KL in an epoch. */
  #beta(epoch: number): number {
    return klWarmup(epoch, { beta: this.settings.beta, epochs: this.settings.warmupEpochs });
  }

  terms({ x, epsilon, labels }: TrainingBatch, _streams: TrainingStreams, epoch: number): Objective {
    const { freeBits } = this.settings;
    return objective(this.model, x, epsilon, { beta: this.#beta(epoch), freeBits, labels });
  }

  values({ loss, reconstruction, kl }: Objective): Metrics {
    return { loss: loss.item(), reconstruction: reconstruction.item(), kl: kl.item() };
  }

  evaluate(epoch: number): Evaluation | undefined {
    if (this.#test === undefined) return undefined;
    const { freeBits, binarize } = this.settings;
    const { random } = this;
    const found = evaluate(this.model, this.#test, { random, beta: this.#beta(epoch), freeBits, binarize });
    if (Number.isFinite(found.loss + found.elbo)) return found;
    throw new TrainingError(
      epoch,
      undefined,
      `the test loss is ${found.loss} (reconstruction ${found.reconstruction}, KL ${found.kl}); ` +
        'look for test data far out of range, or lower the learning rate',
    );
  }
}
