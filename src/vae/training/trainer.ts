import { backward, type Gradients } from '../../autograd/index.js';
import { Random } from '../../autograd/ops/random.js';
import type { Batch } from '../../data/batches.js';
import { clipGradientsByNorm } from '../../nn/clip.js';
import type { Module } from '../../nn/module.js';
import { Adam, AdamW } from '../../nn/optim/adam.js';
import type { Optimizer } from '../../nn/optim/optimizer.js';
import { messageOf } from '../../tensor/describe.js';
import { scope } from '../../tensor/memory/scope.js';
import type { Tensor } from '../../tensor/tensor.js';
import type { Evaluation } from '../evaluate.js';
import { completeObjective } from '../parts/objective.js';
import type { PartSpec } from '../parts/registry.js';
import { VAE } from '../vae.js';
import { addTo, average, valuesOf } from './average.js';
import {
  encodeCheckpoint,
  load,
  readCheckpoint,
  readModelCheckpoint,
  type TrainingState,
} from './checkpoint.js';
import { stopsEarly } from './early-stopping.js';
import { TrainingError } from './errors.js';
import type {
  EpochEvent,
  EpochMetrics,
  EvaluationOf,
  MetricsOf,
  StepEvent,
  TrainingEvent,
  VAETerm,
} from './events.js';
import { Feed } from './feed.js';
import { identityOf } from './identity.js';
import { ModelTask } from './model-task.js';
import { explainGradients, explainLoss, explainState } from './nonfinite.js';
import {
  checkModelOptions,
  completeSettings,
  type ModelResumeOptions,
  type ModelTrainingOptions,
  namedObjective,
  ofElbo,
  type ResumeOptions,
  type TrainingOptions,
  type TrainingSettings,
  withoutOptionsOfVAEs,
} from './options.js';
import type { Numbers } from './progress.js';
import { resumedOptions } from './resume.js';
import type { BatchOf, Task, TermsOf, TrainingBatch } from './task.js';
import { VAETask } from './vae-task.js';

/** Adam, or AdamW where there is weight decay. */
const usualOptimizer = (
  parameters: ReadonlyMap<string, Tensor>,
  { learningRate, weightDecay }: TrainingSettings,
): Optimizer =>
  weightDecay > 0
    ? new AdamW(parameters, { learningRate, weightDecay })
    : new Adam(parameters, { learningRate });

/** What is trained: of a VAE its objective, of any other model the loss that is given. */
function taskOf<K extends string>(
  model: Module,
  options: TrainingOptions | ModelTrainingOptions<K>,
  settings: TrainingSettings,
  objective: PartSpec | null,
  random: Random,
): Task<K, BatchOf<K>, EvaluationOf<K>>;
function taskOf(
  model: Module,
  options: TrainingOptions | ModelTrainingOptions<string>,
  settings: TrainingSettings,
  objective: PartSpec | null,
  random: Random,
): Task<VAETerm, TrainingBatch, Evaluation> | Task<string, Batch, MetricsOf<string>> {
  if (model instanceof VAE) return new VAETask(model, options, settings, objective, random);
  checkModelOptions(options);
  return new ModelTask(model, options, settings, random);
}

/**
 * Trains a VAE, or any other model with a loss of a batch. Everything it does follows from the model, the data and the seed:
 * stopped between any two events, kept with {@link checkpoint} and taken up again with {@link Trainer.resume}, it goes on bit
 * for bit. Steps are taken in training mode, the test set is evaluated in evaluation mode; the model's own mode comes back.
 *
 * @example
 * const trainer = new Trainer(vae, { train, test, epochs: 10 });
 * for (const event of trainer.run()) if (event.type === 'epoch') console.log(event.metrics);
 * @example
 * new Trainer(vae, { train, epochs: 10, objective: 'iwae', samples: 5, estimator: 'dreg' });
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
  /** The specification of an objective that was given; null for the one that the settings describe. */
  readonly objective: PartSpec | null;
  /** Steps per epoch; the last one takes the examples that are left. */
  readonly steps: number;
  readonly #options: Pick<TrainingOptions, 'train' | 'test' | 'schedule'>;
  readonly #task: Task<K, BatchOf<K>, EvaluationOf<K>>;
  readonly #feed: Feed;
  readonly #parameters: ReadonlyMap<string, Tensor>;
  readonly #optimizer: Optimizer;
  readonly #madeBy: string | null;
  readonly #history: EpochMetrics<K>[] = [];
  #step = 0;
  #seconds = 0;
  #sums: Numbers = {};
  /** The end of a training whose parameters are of two steps. */
  #torn: TrainingError | null = null;

  /**
   * @param model trained in place
   * @throws RangeError for an option out of range, an empty data set, a value that the likelihood does not take, or an
   * objective that is not registered; TypeError for an option that does not exist, that such a model does not have, or that
   * does not go with another; ShapeError when an example has not as many numbers as a VAE takes.
   */
  constructor(model: VAE, options: TrainingOptions);
  constructor(model: Module, options: ModelTrainingOptions<K>);
  constructor(model: Module, options: TrainingOptions | ModelTrainingOptions<K>) {
    const isVAE = model instanceof VAE;
    if (!isVAE) checkModelOptions(options);
    const settings = completeSettings(options, isVAE ? [] : ['loss']);
    const { train, test, schedule, optimizer, objective }: TrainingOptions = options;
    this.model = model;
    this.settings = settings;
    this.objective =
      namedObjective(objective) === undefined
        ? completeObjective(objective, ofElbo<TrainingOptions>(options), 'Trainer')
        : null;
    this.#options = { train, test, schedule };
    this.#parameters = model.namedParameters();
    this.#optimizer =
      optimizer?.(this.#parameters, settings.learningRate) ?? usualOptimizer(this.#parameters, settings);
    if (optimizer !== undefined && settings.weightDecay > 0) {
      throw new TypeError(
        'Trainer: weightDecay is a setting of AdamW; give it to the optimizer that you make',
      );
    }
    this.#madeBy = optimizer === undefined ? null : this.#optimizer.constructor.name;
    const random = new Random(settings.seed);
    this.#task = taskOf(model, options, settings, this.objective, random);
    this.#feed = new Feed(train.size, settings.batchSize, random, model);
    this.steps = this.#feed.steps;
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
   * @throws CheckpointError when the file is damaged or no checkpoint, or names what is not registered; ShapeError, RangeError
   * or TypeError when the data is not what it was, a schedule or an optimiser is missing, or an option is out of range.
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
    if ('model' in given) {
      const { model, loss, ...options } = given;
      const state = readModelCheckpoint<K>(bytes, file, model);
      const own = withoutOptionsOfVAEs(resumedOptions(state, options, file));
      return new Trainer<K>(model, { ...own, loss }).#restored(state, file);
    }
    const { vae, ...state } = readCheckpoint(bytes, file);
    return new Trainer(vae, resumedOptions(state, given, file)).#restored(state, file);
  }

  #restored({ progress, history, optimizer }: TrainingState<K>, file: string): this {
    load(file, () => this.#optimizer.loadState(optimizer));
    this.#history.push(...history);
    this.#step = progress.step;
    this.#seconds = progress.seconds;
    this.#sums = progress.sums;
    this.#feed.seek(progress.positions);
    return this;
  }

  /** What came of each epoch so far. */
  get history(): readonly EpochMetrics<K>[] {
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
   * @throws TrainingError when a loss or gradient is not finite, and at the end of an epoch when a parameter or a moment of one is
   * not; nothing has changed since the last event then. Also when an update fails halfway: the training cannot be kept then.
   */
  *run(): Generator<TrainingEvent<K>, void, undefined> {
    for (const event of this.turns()) if (event !== null) yield event;
  }

  /**
   * As {@link run}, with null after each part of an evaluation, for a caller that has other work to do between. An evaluation
   * that is left there begins anew.
   */
  *turns(): Generator<TrainingEvent<K> | null, void, undefined> {
    while (this.finished === null) {
      if (this.#torn !== null) throw this.#torn;
      yield this.#step < this.steps ? this.#takeStep() : yield* this.#endEpoch();
    }
  }

  /**
   * All of the training but its data, as one safetensors file; at any time between two events.
   * @throws TrainingError when a parameter or a moment of one is not finite, or an update has failed halfway: such a training is
   * not worth keeping.
   */
  checkpoint(): Uint8Array {
    if (this.#torn !== null) throw this.#torn;
    this.#checkFinite('no checkpoint is made: ');
    const { train, test } = this.#options;
    const { settings, objective, epoch } = this;
    const { dtype } = this.#task;
    return encodeCheckpoint(this.model, {
      dtype,
      settings,
      objective,
      history: this.#history,
      progress: {
        epoch,
        step: this.#step,
        seconds: this.#seconds,
        sums: this.#sums,
        positions: this.#feed.positions,
      },
      madeBy: this.#madeBy,
      optimizer: this.#optimizer.state(),
      data: { train: identityOf(train, dtype), test: test === undefined ? null : identityOf(test, dtype) },
    });
  }

  /**
   * The examples and the noise that the next step will take, without taking it: what a look inside that step is about.
   * @returns x [batch, features], epsilon [batch, latent], and the places of the examples in the training data. Inside
   * a `scope` they end with it.
   */
  peek(): BatchOf<K> {
    return this.#feed.unmoved(() => this.#nextBatch());
  }

  /**
   * Seconds that the rest of the training will take here, by timing the next step without taking it; 0 when none is left. What
   * the optimiser does is left out, and early stopping may end sooner.
   */
  estimate(): number {
    const { epoch, steps, finished } = this;
    if (finished !== null) return 0;
    const { train, test } = this.#options;
    const epochs = this.settings.epochs - epoch;
    const rehearse = () => {
      const start = performance.now();
      const { loss } = this.#terms(this.peek());
      loss.item();
      const forward = performance.now() - start;
      backward(loss, { retainGraph: false });
      return { forward, step: performance.now() - start };
    };
    const timed = () => scope(() => this.model.inMode(true, () => this.#feed.unmoved(rehearse)));
    // Kernels are compiled the first time; only a short step is worth a second look.
    const first = timed();
    const { forward, step } = first.step < 1000 ? timed() : first;
    const tested = ((test?.size ?? 0) / train.size) * steps;
    return ((epochs * steps - this.#step) * step + epochs * tested * forward) / 1000;
  }

  #nextBatch(): BatchOf<K> {
    // After the last step of an epoch whose evaluation is still to come, the next step is the first of the next epoch.
    const over = this.#step === this.steps;
    const indices = this.#feed.indices(this.epoch + (over ? 2 : 1), over ? 0 : this.#step);
    return this.#task.batch(indices, this.#feed.streams);
  }

  /** The average loss of the epoch's examples so far, at its start of the epoch before; 0 at the very start. */
  get #baseline(): number {
    if (this.#step === 0) return this.#history.at(-1)?.train.loss ?? 0;
    const count = Math.min(this.#step * this.settings.batchSize, this.#options.train.size);
    return this.#sums.loss / count;
  }

  /** One gradient step; after an error everything is as it was before, unless it is the update that failed. */
  #takeStep(): StepEvent<K> {
    const start = performance.now();
    const before = this.#feed.positions;
    try {
      const { metrics, size } = scope(() => {
        const batch = this.#nextBatch();
        const again = () => {
          this.#feed.seek(before);
          return backward(this.#terms(this.#nextBatch()).loss);
        };
        return {
          metrics: this.model.inMode(true, () => this.#descend(batch, again)),
          size: batch.x.shape[0],
        };
      });
      this.#sums = addTo(this.#sums, metrics, size);
      this.#step++;
      this.#seconds += (performance.now() - start) / 1000;
      const event = { type: 'step' as const, epoch: this.epoch + 1, step: this.#step, steps: this.steps };
      return { ...event, ...metrics };
    } catch (error) {
      this.#feed.seek(before);
      throw error;
    }
  }

  #terms(batch: BatchOf<K>): TermsOf<K> {
    return this.#task.terms(batch, this.#feed.streams, this.epoch + 1, this.#baseline);
  }

  /** Loss, gradient, clipping, update. @param again the gradients of the same loss, those of inner tensors too */
  #descend(batch: BatchOf<K>, again: () => Gradients): MetricsOf<K> {
    const { clipNorm, learningRate } = this.settings;
    const fail = (problem: string): never => {
      throw new TrainingError(this.epoch + 1, this.#step + 1, problem);
    };
    this.#optimizer.learningRate = learningRate * (this.#options.schedule?.(this.epoch) ?? 1);
    const terms = this.#terms(batch);
    const { loss } = terms;
    if (!Number.isFinite(loss.item())) fail(explainLoss(loss));
    const gradients = backward(loss, { retainGraph: false });
    const problem = explainGradients(this.#parameters, gradients, again);
    if (problem !== undefined) fail(problem);
    const clipped =
      clipNorm === null ? gradients : clipGradientsByNorm(this.#parameters, gradients, clipNorm).gradients;
    try {
      this.#optimizer.step(clipped);
    } catch (error) {
      const problem = `the update failed, and may have changed some parameters already: ${messageOf(error)}`;
      this.#torn = new TrainingError(this.epoch + 1, this.#step + 1, problem);
      throw this.#torn;
    }
    return valuesOf(terms);
  }

  /** @throws TrainingError naming the parameter, the buffer, or what the optimiser remembers, that is not finite. */
  #checkFinite(head = ''): void {
    const buffers = this.model.namedBuffers();
    const problem = explainState(this.#optimizer, this.#parameters, buffers, this.#task.dtype);
    if (problem !== undefined) throw new TrainingError(this.epoch + 1, this.#step, head + problem);
  }

  /** Averages the epoch and evaluates the test set. */
  *#endEpoch(): Generator<null, EpochEvent<K>> {
    const epoch = this.epoch + 1;
    const evaluation = this.#task.evaluate(epoch);
    let seconds = this.#seconds;
    const part = () => {
      const start = performance.now();
      const next = evaluation.next();
      seconds += (performance.now() - start) / 1000;
      return next;
    };
    let next = part();
    for (; next.done !== true; next = part()) yield null;
    const test = next.value;
    this.#checkFinite();
    const train = average<K>(this.#sums, this.#options.train.size);
    const metrics = { epoch, seconds, train, ...(test !== undefined && { test }) };
    this.#history.push(metrics);
    this.#step = 0;
    this.#seconds = 0;
    this.#sums = {};
    return { type: 'epoch', metrics };
  }
}
