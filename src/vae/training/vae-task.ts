import type { Random } from '../../autograd/ops/random.js';
import { type Corruption, checkCorruption, corrupt } from '../../data/corrupt.js';
import { bernoulli, normal } from '../../tensor/create.js';
import type { DType } from '../../tensor/dtype.js';
import { checkDataset, checkRange } from '../check-data.js';
import { type Evaluation, evaluationParts } from '../evaluate.js';
import { objective } from '../objective.js';
import type { LossOptions } from '../parts/elbo.js';
import type { PartSpec } from '../parts/registry.js';
import { corruptionOf } from '../shared-settings.js';
import type { VAE } from '../vae.js';
import type { VAETerm } from './events.js';
import { elboIn, type TrainingOptions, type TrainingSettings } from './options.js';
import { checkTest, type Task, type TermsOf, type TrainingBatch, type TrainingStreams } from './task.js';

/** The objective of a VAE. */
export class VAETask implements Task<VAETerm, TrainingBatch, Evaluation> {
  readonly dtype: DType;
  readonly #corruption: Corruption | null;

  /**
   * @param given a complete specification; null for the ELBO of the settings
   * @throws RangeError for an empty data set, a value that the likelihood does not take, or noise that such data has not; ShapeError when examples do not
   * fit the model.
   */
  constructor(
    private readonly model: VAE,
    private readonly data: Pick<TrainingOptions, 'train' | 'test'>,
    private readonly settings: TrainingSettings,
    private readonly given: PartSpec | null,
    private readonly random: Random,
  ) {
    for (const part of ['train', 'test'] as const) {
      const dataset = data[part];
      if (dataset === undefined) continue;
      checkDataset(model, dataset, `Trainer, ${part}`);
      checkRange(model.likelihood, dataset, settings.binarize, `Trainer, ${part}`);
    }
    this.#corruption = corruptionOf(settings);
    if (this.#corruption !== null) checkCorruption(this.#corruption, model.likelihood.range, 'Trainer');
    this.dtype = model.dtype;
  }

  batch(indices: Int32Array, streams: TrainingStreams): TrainingBatch {
    const { dtype, model } = this;
    const { train } = this.data;
    const { binarize, samples } = this.settings;
    const rows = train.batch(indices, dtype);
    const x = binarize ? bernoulli(rows.shape, streams.binarize, rows, { dtype }) : rows;
    const draws = [x.shape[0], model.posterior.noise];
    const epsilon = normal(samples === 1 ? draws : [samples, ...draws], streams.epsilon, { dtype });
    const all = model.condition === null ? undefined : train.labels;
    const noise = this.#corruption;
    const input = noise === null ? undefined : corrupt(x, streams.noise, noise, model.likelihood.range);
    return {
      x: x.named('x'),
      input: input?.named('x with noise'),
      epsilon: epsilon.named('epsilon'),
      indices,
      labels: all && indices.map((i) => all[i]),
    };
  }

  /** The objective of an epoch. */
  #loss(epoch: number): LossOptions {
    const { given, settings } = this;
    if (given !== null) return { objective: given };
    const { objective: name, estimator } = settings;
    return name === 'elbo' ? elboIn(epoch, settings) : { objective: { name, estimator } };
  }

  terms(
    { x, input, epsilon, labels }: TrainingBatch,
    _: TrainingStreams,
    epoch: number,
    baseline: number,
  ): TermsOf<VAETerm> {
    const options = { ...this.#loss(epoch), input, labels, baseline };
    const { loss, reconstruction, kl } = objective(this.model, x, epsilon, options);
    return { loss, reconstruction, kl };
  }

  *evaluate(epoch: number): Generator<void, Evaluation | undefined> {
    const { test } = this.data;
    if (test === undefined) return undefined;
    const { random, settings } = this;
    const { binarize, samples, noise, noiseLevel } = settings;
    const options = { random, binarize, samples, noise, noiseLevel, ...this.#loss(epoch) };
    const found = yield* evaluationParts(this.model, test, options);
    const { loss, reconstruction, kl, elbo } = found;
    checkTest(epoch, loss + elbo, { loss, reconstruction, kl });
    return found;
  }
}
