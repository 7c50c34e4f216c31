import { backward } from '../../autograd/index.js';
import { Random } from '../../autograd/ops/random.js';
import { allFinite } from '../../autograd/ops/within.js';
import { clipGradientsByNorm } from '../../nn/clip.js';
import { Adam, AdamW } from '../../nn/optim/adam.js';
import { bernoulli, normal } from '../../tensor/create.js';
import { step } from '../../tensor/memory/step.js';
import type { RandomStream } from '../../tensor/random/stream.js';
import type { Tensor } from '../../tensor/tensor.js';
import { checkDataset, evaluate } from '../evaluate.js';
import { klWarmup, objective } from '../objective.js';
import type { VAE } from '../vae.js';
import { addTo, average, NOTHING } from './average.js';
import { encodeCheckpoint, load, readCheckpoint } from './checkpoint.js';
import { checkRange, checkSameData, identify } from './data.js';
import { stopsEarly } from './early-stopping.js';
import { TrainingError } from './errors.js';
import type { EpochEvent, EpochMetrics, Metrics, StepEvent, TrainingEvent } from './events.js';
import { explainGradients, explainLoss } from './nonfinite.js';
import {
  completeSettings,
  type ResumeOptions,
  resumedOptions,
  type TrainingOptions,
  type TrainingSettings,
} from './options.js';
import type { Progress, StreamPositions } from './progress.js';

/** The examples and the noise of a step. */
interface TrainingBatch {
  /** [batch, features] */
  readonly x: Tensor;
  /** [batch, latent] */
  readonly epsilon: Tensor;
  /** Where the examples stand in the training data. */
  readonly indices: Int32Array;
  /** Of a conditional model. */
  readonly labels: Int32Array | undefined;
}

/**
 * Trains a VAE with Adam, or AdamW where there is weight decay. Everything it does follows from the model, the data and the seed: stopped between any two
 * events, kept with {@link checkpoint} and taken up again with {@link Trainer.resume}, it goes on bit for bit.
 *
 * @example
 * const trainer = new Trainer(vae, { train, test, epochs: 10 });
 * for (const event of trainer.run()) if (event.type === 'epoch') console.log(event.metrics);
 */
export class Trainer {
  readonly vae: VAE;
  readonly settings: TrainingSettings;
  /** Steps per epoch; the last one takes the examples that are left. */
  readonly steps: number;
  readonly #options: Pick<TrainingOptions, 'train' | 'test' | 'schedule'>;
  readonly #random: Random;
  readonly #epsilon: RandomStream;
  readonly #binarize: RandomStream;
  readonly #parameters: ReadonlyMap<string, Tensor>;
  readonly #optimizer: Adam | AdamW;
  readonly #history: EpochMetrics[] = [];
  #step = 0;
  #seconds = 0;
  #sums = NOTHING;
  #order: { readonly epoch: number; readonly indices: Int32Array } | undefined;

  /**
   * @param vae trained in place
   * @throws RangeError for an option out of range, an empty data set, or a value that the likelihood does not take; TypeError for an option that does not exist;
   * ShapeError when an example has not as many numbers as the model takes.
   */
  constructor(vae: VAE, options: TrainingOptions) {
    this.settings = completeSettings(options);
    checkDataset(vae, options.train, 'Trainer, train');
    if (options.test !== undefined) checkDataset(vae, options.test, 'Trainer, test');
    for (const [part, data] of [
      ['train', options.train],
      ['test', options.test],
    ] as const) {
      if (data !== undefined) checkRange(vae.likelihood, data, this.settings.binarize, `Trainer, ${part}`);
    }
    this.vae = vae;
    this.steps = Math.ceil(options.train.size / this.settings.batchSize);
    this.#options = { train: options.train, test: options.test, schedule: options.schedule };
    this.#random = new Random(this.settings.seed);
    this.#epsilon = this.#random.stream('epsilon');
    this.#binarize = this.#random.stream('binarize');
    this.#parameters = vae.namedParameters();
    const { learningRate, weightDecay } = this.settings;
    this.#optimizer =
      weightDecay > 0
        ? new AdamW(this.#parameters, { learningRate, weightDecay })
        : new Adam(this.#parameters, { learningRate });
  }

  /**
   * Takes up a training where {@link checkpoint} left it, with a model made anew from the file.
   * @param file the file's name, for errors
   * @throws CheckpointError when the file is damaged or no checkpoint; ShapeError, RangeError or TypeError when the data
   * is not what it was, a schedule is missing, or an option is out of range.
   */
  static resume(bytes: Uint8Array, file: string, options: ResumeOptions): Trainer {
    const { vae, settings, history, progress, optimizer, data } = readCheckpoint(bytes, file);
    const resumed = resumedOptions(settings, options);
    checkSameData('train', data.train, identify(options.train));
    checkSameData('test', data.test, options.test === undefined ? null : identify(options.test));
    if (settings.scheduled && options.schedule === undefined) {
      throw new TypeError(
        `Trainer.resume: ${file} was trained with a schedule of the learning rate, which no file can keep; give the same one`,
      );
    }
    const trainer = new Trainer(vae, resumed);
    trainer.#restore(progress, history, () => load(file, () => trainer.#optimizer.loadState(optimizer)));
    return trainer;
  }

  /** What came of each epoch so far. */
  get history(): readonly EpochMetrics[] {
    return this.#history;
  }

  /** Epochs completed. */
  get epoch(): number {
    return this.#history.length;
  }

  /** Steps done in the epoch under way. */
  get step(): number {
    return this.#step;
  }

  /** Why there is nothing left to do: 'done' after the last epoch, 'early' by early stopping; null while there is. */
  get finished(): 'done' | 'early' | null {
    if (this.#step > 0) return null;
    if (this.epoch >= this.settings.epochs) return 'done';
    return stopsEarly(this.#history, this.settings) ? 'early' : null;
  }

  /**
   * Goes on from where training stands, one event per gradient step and one per epoch. The caller may stop after any
   * event, keep a checkpoint, and call `run` again.
   * @throws TrainingError when a loss or gradient is not finite; nothing has changed since the last event then.
   */
  *run(): Generator<TrainingEvent, void, undefined> {
    while (this.finished === null) {
      yield this.#step < this.steps ? this.#takeStep() : this.#endEpoch();
    }
  }

  /**
   * All of the training but its data, as one safetensors file; at any time between two events.
   * @throws TrainingError when a parameter is not finite: such a model is not worth keeping.
   */
  checkpoint(): Uint8Array {
    for (const [name, parameter] of this.#parameters) {
      if (allFinite([parameter])) continue;
      throw new TrainingError(
        this.epoch + 1,
        this.#step,
        `no checkpoint is made: the parameter '${name}' is not finite; go back to an earlier checkpoint and ` +
          'lower the learning rate, or set clipNorm',
      );
    }
    const { train, test } = this.#options;
    return encodeCheckpoint({
      vae: this.vae,
      settings: this.settings,
      history: this.#history,
      progress: {
        epoch: this.epoch,
        step: this.#step,
        seconds: this.#seconds,
        sums: this.#sums,
        positions: this.#positions(),
      },
      optimizer: this.#optimizer.state(),
      data: { train: identify(train), test: test === undefined ? null : identify(test) },
    });
  }

  #restore(progress: Progress, history: readonly EpochMetrics[], loadOptimizer: () => void): void {
    loadOptimizer();
    this.#history.push(...history);
    this.#step = progress.step;
    this.#seconds = progress.seconds;
    this.#sums = progress.sums;
    this.#seek(progress.positions);
  }

  /** Weight of the KL in the epoch under way. */
  get #beta(): number {
    return klWarmup(this.epoch + 1, { beta: this.settings.beta, epochs: this.settings.warmupEpochs });
  }

  /**
   * The examples and the noise that the next step will take, without taking it: what a look inside that step is about.
   * @returns x [batch, features], epsilon [batch, latent], and the places of the examples in the training data. Inside of
   * a `step` they belong to it.
   */
  peek(): TrainingBatch {
    const before = this.#positions();
    try {
      return this.#nextBatch();
    } finally {
      this.#seek(before);
    }
  }

  #positions(): StreamPositions {
    return { epsilon: this.#epsilon.position, binarize: this.#binarize.position };
  }

  #seek({ epsilon, binarize }: StreamPositions): void {
    this.#epsilon.seek(epsilon);
    this.#binarize.seek(binarize);
  }

  /** The examples of the next step, in an order that depends on the seed and the epoch alone. */
  #nextBatch(): TrainingBatch {
    const { train } = this.#options;
    const { batchSize, binarize } = this.settings;
    const { dtype, posterior, condition } = this.vae;
    // After the last step of an epoch whose evaluation is still to come, the next one is the first of the epoch behind it.
    const over = this.#step === this.steps;
    const epoch = this.epoch + (over ? 2 : 1);
    const first = over ? 0 : this.#step * batchSize;
    if (this.#order?.epoch !== epoch) {
      const stream = this.#random.stream('shuffle').split(`epoch ${epoch}`).at();
      this.#order = { epoch, indices: stream.permutation(train.size) };
    }
    const indices = this.#order.indices.subarray(first, first + batchSize);
    const batch = train.batch(indices, dtype);
    const x = binarize ? bernoulli(batch.shape, this.#binarize, batch, { dtype }) : batch;
    const epsilon = normal([x.shape[0], posterior.noise], this.#epsilon, { dtype });
    const { labels: all } = train;
    const labels = condition === null || all === undefined ? undefined : indices.map((i) => all[i]);
    return { x: x.named('x'), epsilon: epsilon.named('epsilon'), indices, labels };
  }

  /** One gradient step; after an error everything is as it was before. */
  #takeStep(): StepEvent {
    const start = performance.now();
    const before = this.#positions();
    try {
      const { metrics, size } = step(() => {
        const batch = this.#nextBatch();
        return { metrics: this.#descend(batch), size: batch.x.shape[0] };
      });
      this.#sums = addTo(this.#sums, metrics, size);
      this.#step++;
      this.#seconds += (performance.now() - start) / 1000;
      return { type: 'step', epoch: this.epoch + 1, step: this.#step, steps: this.steps, ...metrics };
    } catch (error) {
      this.#seek(before);
      throw error;
    }
  }

  /** Objective, gradient, clipping, update. */
  #descend({ x, epsilon, labels }: TrainingBatch): Metrics {
    const { freeBits, clipNorm, learningRate } = this.settings;
    const fail = (problem: string): never => {
      throw new TrainingError(this.epoch + 1, this.#step + 1, problem);
    };
    this.#optimizer.learningRate = learningRate * (this.#options.schedule?.(this.epoch) ?? 1);
    const { loss, reconstruction, kl } = objective(this.vae, x, epsilon, {
      beta: this.#beta,
      freeBits,
      labels,
    });
    if (!Number.isFinite(loss.item())) fail(explainLoss(loss));
    const gradients = backward(loss);
    const problem = explainGradients(this.#parameters, gradients);
    if (problem !== undefined) fail(problem);
    const clipped =
      clipNorm === null ? gradients : clipGradientsByNorm(this.#parameters, gradients, clipNorm).gradients;
    this.#optimizer.step(clipped);
    return { loss: loss.item(), reconstruction: reconstruction.item(), kl: kl.item() };
  }

  /** Averages the epoch and evaluates the test set. */
  #endEpoch(): EpochEvent {
    const start = performance.now();
    const { train, test } = this.#options;
    const { freeBits, binarize } = this.settings;
    const epoch = this.epoch + 1;
    const evaluation =
      test && evaluate(this.vae, test, { random: this.#random, beta: this.#beta, freeBits, binarize });
    if (evaluation !== undefined && !Number.isFinite(evaluation.loss + evaluation.elbo)) {
      throw new TrainingError(
        epoch,
        undefined,
        `the test loss is ${evaluation.loss} (reconstruction ${evaluation.reconstruction}, KL ${evaluation.kl}); ` +
          'look for test data far out of range, or lower the learning rate',
      );
    }
    const seconds = this.#seconds + (performance.now() - start) / 1000;
    const metrics: EpochMetrics = {
      epoch,
      seconds,
      train: average(this.#sums, train.size),
      ...(evaluation === undefined ? {} : { test: evaluation }),
    };
    this.#history.push(metrics);
    this.#step = 0;
    this.#seconds = 0;
    this.#sums = NOTHING;
    return { type: 'epoch', metrics };
  }
}
