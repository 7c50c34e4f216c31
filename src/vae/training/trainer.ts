import { backward } from '../../autograd/index.js';
import { Random } from '../../autograd/ops/random.js';
import { allFinite } from '../../autograd/ops/within.js';
import type { Batch } from '../../data/batches.js';
import { clipGradientsByNorm } from '../../nn/clip.js';
import type { Module } from '../../nn/module.js';
import { Adam, AdamW } from '../../nn/optim/adam.js';
import type { Optimizer } from '../../nn/optim/optimizer.js';
import { scope } from '../../tensor/memory/scope.js';
import type { RandomStream } from '../../tensor/random/stream.js';
import type { Tensor } from '../../tensor/tensor.js';
import { VAE } from '../vae.js';
import { addTo, average } from './average.js';
import {
  encodeCheckpoint,
  load,
  readCheckpoint,
  readModelCheckpoint,
  type TrainingState,
} from './checkpoint.js';
import { checkSameData, identify } from './data.js';
import { stopsEarly } from './early-stopping.js';
import { TrainingError } from './errors.js';
import type { EpochEvent, EpochMetrics, StepEvent, TrainingEvent, VAETerm } from './events.js';
import { ModelTask } from './model-task.js';
import { explainGradients, explainLoss } from './nonfinite.js';
import {
  checkModelOptions,
  completeSettings,
  type ModelResumeOptions,
  type ModelTrainingOptions,
  type ResumeOptions,
  resumedOptions,
  type TrainingOptions,
  type TrainingSettings,
} from './options.js';
import type { EpochRecord, Numbers, StreamPositions } from './progress.js';
import type { Task, TrainingBatch, TrainingStreams } from './task.js';
import { VAETask } from './vae-task.js';

/** The batch of a step. */
type BatchOf<K extends string> = [VAETerm] extends [K] ? TrainingBatch : Batch;

/** Adam, or AdamW where there is weight decay. */
const usualOptimizer = (
  parameters: ReadonlyMap<string, Tensor>,
  { learningRate, weightDecay }: TrainingSettings,
): Optimizer =>
  weightDecay > 0
    ? new AdamW(parameters, { learningRate, weightDecay })
    : new Adam(parameters, { learningRate });

/**
 * Trains a VAE, or any other model with a loss of a batch. Everything it does follows from the model, the data and the seed:
 * stopped between any two events, kept with {@link checkpoint} and taken up again with {@link Trainer.resume}, it goes on bit
 * for bit.
 *
 * @example
 * const trainer = new Trainer(vae, { train, test, epochs: 10 });
 * for (const event of trainer.run()) if (event.type === 'epoch') console.log(event.metrics);
 * @example
 * new Trainer(classifier, {
 *   train, test, epochs: 10,
 *   loss: ({ x, labels }) => ({ loss: crossEntropy(classifier.forward(x), labels) }),
 *   optimizer: (parameters, learningRate) => new SGD(parameters, { learningRate, momentum: 0.9 }),
 * });
 */
export class Trainer<K extends string = VAETerm> {
  readonly model: Module;
  readonly settings: TrainingSettings;
  /** Steps per epoch; the last one takes the examples that are left. */
  readonly steps: number;
  readonly #options: Pick<TrainingOptions, 'train' | 'test' | 'schedule'>;
  readonly #random: Random;
  readonly #streams: TrainingStreams;
  /** Those that layers draw from. */
  readonly #layers: ReadonlyMap<string, RandomStream>;
  readonly #task: Task;
  readonly #parameters: ReadonlyMap<string, Tensor>;
  readonly #optimizer: Optimizer;
  readonly #madeBy: string | null;
  readonly #history: EpochRecord[] = [];
  #step = 0;
  #seconds = 0;
  #sums: Numbers;
  #order: { readonly epoch: number; readonly indices: Int32Array } | undefined;

  /**
   * @param model trained in place
   * @throws RangeError for an option out of range, an empty data set, or a value that the likelihood does not take; TypeError
   * for an option that does not exist or that such a model does not have; ShapeError when an example has not as many numbers as
   * a VAE takes.
   */
  constructor(model: VAE, options: TrainingOptions);
  constructor(model: Module, options: ModelTrainingOptions<K>);
  constructor(model: Module, options: TrainingOptions | ModelTrainingOptions<K>) {
    const { train, test, schedule, optimizer } = options;
    if (!(model instanceof VAE)) checkModelOptions(options);
    const { loss, ...plain } = { loss: undefined, ...options };
    const settings = completeSettings(model instanceof VAE ? options : plain);
    this.#parameters = model.namedParameters();
    this.#optimizer =
      optimizer?.(this.#parameters, settings.learningRate) ?? usualOptimizer(this.#parameters, settings);
    if (optimizer !== undefined && settings.weightDecay > 0) {
      throw new TypeError(
        'Trainer: weightDecay is a setting of AdamW; give it to the optimizer that you make',
      );
    }
    this.settings = settings;
    this.#madeBy = optimizer === undefined ? null : this.#optimizer.constructor.name;
    this.#random = new Random(settings.seed);
    this.#layers = model.namedStreams();
    this.#task =
      model instanceof VAE || loss === undefined
        ? new VAETask(model as VAE, options, this.settings, this.#random)
        : new ModelTask(model, { train, test, loss }, this.settings, this.#random);
    this.model = model;
    this.steps = Math.ceil(train.size / settings.batchSize);
    this.#options = { train, test, schedule };
    this.#streams = { epsilon: this.#random.stream('epsilon'), binarize: this.#random.stream('binarize') };
    this.#sums = this.#task.zero;
  }

  /** The model, where it is a VAE. @throws TypeError where it is not. */
  get vae(): VAE {
    if (this.model instanceof VAE) return this.model;
    throw new TypeError(
      `Trainer: the model is a ${this.model.constructor.name}, not a VAE; take trainer.model`,
    );
  }

  /**
   * Takes up a training where {@link checkpoint} left it. A VAE is made anew from the file; of any other model, one of the same
   * class and sizes is given, with its loss, and gets the parameters in the file; streams that its layers draw from need the seed
   * that they had, and go on where they were.
   * @param file the file's name, for errors
   * @throws CheckpointError when the file is damaged or no checkpoint; ShapeError, RangeError or TypeError when the data
   * is not what it was, a schedule or an optimiser is missing, or an option is out of range.
   */
  static resume(bytes: Uint8Array, file: string, options: ResumeOptions): Trainer;
  static resume<K extends string>(
    bytes: Uint8Array,
    file: string,
    options: ModelResumeOptions<K>,
  ): Trainer<K>;
  static resume<K extends string>(
    bytes: Uint8Array,
    file: string,
    given: ResumeOptions | ModelResumeOptions<K>,
  ): Trainer | Trainer<K> {
    const { model, loss, ...options } = { model: undefined, loss: undefined, ...given };
    const found =
      model === undefined
        ? readCheckpoint(bytes, file)
        : { ...readModelCheckpoint(bytes, file, model), vae: undefined };
    const { settings, data } = found;
    const resumed = resumedOptions(settings, options);
    checkSameData('train', data.train, identify(options.train));
    checkSameData('test', data.test, options.test === undefined ? null : identify(options.test));
    if (settings.scheduled && options.schedule === undefined) {
      throw new TypeError(
        `Trainer.resume: ${file} was trained with a schedule of the learning rate, which no file can keep; give the same one`,
      );
    }
    if (found.madeBy !== null && options.optimizer === undefined) {
      throw new TypeError(
        `Trainer.resume: ${file} was trained with ${found.madeBy}, which no file can make again; give the same optimizer`,
      );
    }
    if (found.vae !== undefined) return new Trainer(found.vae, resumed).#restored(found, file);
    if (model === undefined || loss === undefined) {
      throw new TypeError('Trainer.resume: a model that is no VAE needs its loss, as its training had');
    }
    const { beta: _b, freeBits: _f, warmupEpochs: _w, binarize: _d, ...own } = resumed;
    return new Trainer<K>(model, { ...own, loss }).#restored(found, file);
  }

  #restored({ progress, history, optimizer }: TrainingState<EpochRecord>, file: string): this {
    load(file, () => this.#optimizer.loadState(optimizer));
    this.#history.push(...history);
    this.#step = progress.step;
    this.#seconds = progress.seconds;
    this.#sums = progress.sums;
    this.#seek(progress.positions);
    return this;
  }

  /** What came of each epoch so far. */
  get history(): readonly EpochMetrics<K>[] {
    // What the task gave, or read back, has the terms of K.
    return this.#history as unknown as readonly EpochMetrics<K>[];
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
  *run(): Generator<TrainingEvent<K>, void, undefined> {
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
    return encodeCheckpoint(this.model, this.#task.dtype, {
      settings: this.settings,
      history: this.#history,
      progress: {
        epoch: this.epoch,
        step: this.#step,
        seconds: this.#seconds,
        sums: this.#sums,
        positions: this.#positions(),
      },
      madeBy: this.#madeBy,
      optimizer: this.#optimizer.state(),
      data: { train: identify(train), test: test === undefined ? null : identify(test) },
    });
  }

  /**
   * The examples and the noise that the next step will take, without taking it: what a look inside that step is about.
   * @returns x [batch, features], epsilon [batch, latent], and the places of the examples in the training data. Inside
   * a `scope` they end with it.
   */
  peek(): BatchOf<K> {
    const before = this.#positions();
    try {
      // A task's own batch.
      return this.#nextBatch() as BatchOf<K>;
    } finally {
      this.#seek(before);
    }
  }

  #positions(): StreamPositions {
    const { epsilon, binarize } = this.#streams;
    const positions = { epsilon: epsilon.position, binarize: binarize.position };
    if (this.#layers.size === 0) return positions;
    const layers = Object.fromEntries([...this.#layers].map(([name, { position }]) => [name, position]));
    return { ...positions, layers };
  }

  #seek({ epsilon, binarize, layers = {} }: StreamPositions): void {
    this.#streams.epsilon.seek(epsilon);
    this.#streams.binarize.seek(binarize);
    for (const [name, stream] of this.#layers) stream.seek(layers[name] ?? 0);
  }

  /** The examples of the next step, in an order that depends on the seed and the epoch alone. */
  #nextBatch(): ReturnType<Task['batch']> {
    const { train } = this.#options;
    const { batchSize } = this.settings;
    // After the last step of an epoch whose evaluation is still to come, the next step is the first of the next epoch.
    const over = this.#step === this.steps;
    const epoch = this.epoch + (over ? 2 : 1);
    const first = over ? 0 : this.#step * batchSize;
    if (this.#order?.epoch !== epoch) {
      const stream = this.#random.stream('shuffle').split(`epoch ${epoch}`).at();
      this.#order = { epoch, indices: stream.permutation(train.size) };
    }
    const indices = this.#order.indices.subarray(first, first + batchSize);
    return this.#task.batch(indices, this.#streams);
  }

  /** One gradient step; after an error everything is as it was before. */
  #takeStep(): StepEvent<K> {
    const start = performance.now();
    const before = this.#positions();
    try {
      const { metrics, size } = scope(() => {
        const batch = this.#nextBatch();
        return { metrics: this.#descend(batch), size: batch.x.shape[0] };
      });
      this.#sums = addTo(this.#sums, metrics, size);
      this.#step++;
      this.#seconds += (performance.now() - start) / 1000;
      const event = { type: 'step', epoch: this.epoch + 1, step: this.#step, steps: this.steps, ...metrics };
      // The metrics have the terms of K.
      return event as unknown as StepEvent<K>;
    } catch (error) {
      this.#seek(before);
      throw error;
    }
  }

  /** Loss, gradient, clipping, update. */
  #descend(batch: ReturnType<Task['batch']>): Numbers {
    const { clipNorm, learningRate } = this.settings;
    const fail = (problem: string): never => {
      throw new TrainingError(this.epoch + 1, this.#step + 1, problem);
    };
    this.#optimizer.learningRate = learningRate * (this.#options.schedule?.(this.epoch) ?? 1);
    const terms = this.#task.terms(batch, this.#streams, this.epoch + 1);
    const { loss } = terms;
    if (!Number.isFinite(loss.item())) fail(explainLoss(loss));
    const gradients = backward(loss);
    const problem = explainGradients(this.#parameters, gradients);
    if (problem !== undefined) fail(problem);
    const clipped =
      clipNorm === null ? gradients : clipGradientsByNorm(this.#parameters, gradients, clipNorm).gradients;
    this.#optimizer.step(clipped);
    return this.#task.values(terms);
  }

  /** Averages the epoch and evaluates the test set. */
  #endEpoch(): EpochEvent<K> {
    const start = performance.now();
    const epoch = this.epoch + 1;
    const evaluation = this.#task.evaluate(epoch);
    const seconds = this.#seconds + (performance.now() - start) / 1000;
    const { loss, ...others } = average(this.#sums, this.#options.train.size);
    this.#history.push({
      epoch,
      seconds,
      train: { loss, ...others },
      ...(evaluation === undefined ? {} : { test: evaluation }),
    });
    this.#step = 0;
    this.#seconds = 0;
    this.#sums = this.#task.zero;
    return { type: 'epoch', metrics: this.history[epoch - 1] };
  }
}
