import type { Batch } from '../../data/batches.js';
import type { Dataset } from '../../data/dataset.js';
import type { Module } from '../../nn/module.js';
import type { Optimizer } from '../../nn/optim/optimizer.js';
import {
  choice,
  complete,
  type Given,
  group,
  integer,
  number,
  onlyWith,
  optional,
  toggle,
  type Values,
} from '../../nn/schema/index.js';
import type { RandomStream } from '../../tensor/random/stream.js';
import type { Tensor } from '../../tensor/tensor.js';
import { klWarmup } from '../objective.js';
import type { PartSpec } from '../parts/registry.js';
import { binarize, elboSchema, estimator, noiseSchema, samples } from '../shared-settings.js';
import type { TermsOf } from './task.js';

/** The ELBO's settings, with how they change over the epochs. */
const ofElboSchema = {
  ...elboSchema,
  /** Epochs over which the weight of the KL rises to `beta`, or its capacity to `capacity` (`klWarmup`). Defaults to 0. */
  warmupEpochs: number({
    min: 0,
    default: 0,
    unit: 'epochs',
    flag: 'warmup',
    label: 'Warm-up of the KL',
    help: 'epochs over which the weight of the KL rises from 0',
  }),
  /** Epochs after which the warm-up begins anew (Fu et al. 2019). Defaults to null: never. */
  warmupCycle: optional(
    number({
      above: 0,
      unit: 'epochs',
      flag: 'cycle',
      label: 'Cycle of the warm-up',
      help: 'epochs after which the warm-up begins anew; never, without it',
    }),
  ),
};

/** How to train: all settings that are plain data. */
export const trainingSchema = {
  /** Epochs in all; 0 trains nothing. */
  epochs: integer({ min: 0, help: 'passes over the data' }),
  /** Examples per step; the last batch of an epoch has what is left. Defaults to 128. */
  batchSize: integer({ min: 1, default: 128, help: 'examples per step' }),
  /** Learning rate of Adam. Defaults to 0.001. */
  learningRate: number({
    above: 0,
    default: 1e-3,
    key: 'lr',
    label: 'Learning rate of Adam',
    help: 'of Adam',
  }),
  /**
   * Share of each parameter that a step takes away, per unit of the learning rate (decoupled, Loshchilov & Hutter 2019); above
   * 0 the optimiser is AdamW. Defaults to 0.
   */
  weightDecay: number({
    min: 0,
    default: 0,
    label: 'Weight decay of AdamW',
    help: 'decoupled weight decay, by AdamW',
  }),
  /**
   * What is minimized: the negative ELBO, or minus an importance-weighted bound (Burda et al. 2016). Defaults to 'elbo'. As an option a
   * specification may stand in its place: of any registered objective, kept in checkpoints.
   */
  objective: choice(
    { elbo: 'ELBO', iwae: 'importance-weighted bound' },
    { default: 'elbo', help: 'the bound of log p(x) that is raised' },
  ),
  samples,
  ...onlyWith({ objective: 'elbo' }, ofElboSchema),
  ...onlyWith({ objective: 'iwae' }, { estimator }),
  /** Longest gradient, as one vector over all parameters. Defaults to null: not limited. */
  clipNorm: optional(
    number({ above: 0, label: 'Longest gradient', help: 'longest gradient; any, without it' }),
  ),
  binarize,
  ...noiseSchema,
  /**
   * When to stop before the last epoch, judged by the test loss if there is a test set, else by the training loss; epochs of
   * the KL's warm-up do not count. Defaults to null: never.
   */
  earlyStopping: group({
    /** Epochs in a row without a new lowest loss after which training stops. */
    patience: integer({ min: 1, unit: 'epochs', help: 'stop after this many epochs without a lower loss' }),
    /** How much lower a loss must be to count, in nats per example. Defaults to 0. */
    minDelta: number({ min: 0, default: 0, unit: 'nats', help: 'how much lower a loss must be to count' }),
  }),
  /** Seed of shuffling, noise and binarization. Defaults to 0. */
  seed: integer({ min: 0, default: 0, help: 'seed for every random number' }),
};

/** What a checkpoint keeps of the options. */
export const settingsSchema = {
  ...trainingSchema,
  /** Whether there is a schedule, which no file can keep. */
  scheduled: toggle({ help: 'whether the learning rate has a schedule' }),
};

/** All options but the data, the objective and the functions, complete, as plain JSON: what a checkpoint keeps. */
export type TrainingSettings = Values<typeof settingsSchema>;

/** When to stop before the last epoch. */
export type EarlyStopping = Given<(typeof trainingSchema.earlyStopping)['fields']>;

/** The options that are not plain data. */
interface TrainingData {
  readonly train: Dataset;
  /** Evaluated after each epoch. */
  readonly test?: Dataset | undefined;
  /** Factor of the learning rate in an epoch, counted from 0 as the functions of `schedules` count. */
  readonly schedule?: ((epoch: number) => number) | undefined;
  /** Makes the optimiser, whose learning rate is then set before each step. Defaults to Adam. */
  readonly optimizer?:
    | ((parameters: ReadonlyMap<string, Tensor>, learningRate: number) => Optimizer)
    | undefined;
}

/** What and how to train. */
export interface TrainingOptions extends Omit<Given<typeof trainingSchema>, 'objective'>, TrainingData {
  /**
   * One of `trainingSchema`, with its settings beside it; or any registered objective, by its specification or its name, in
   * place of the settings of the ELBO. Defaults to 'elbo'.
   */
  readonly objective?: string | PartSpec | undefined;
}

/** The loss of a model that is no VAE. */
interface ModelLoss<K extends string> {
  /**
   * From a batch, and a stream of random numbers where noise is wanted, to scalars by name: `loss` is minimized, the others
   * are reported beside it. Its result may depend on nothing else but the model.
   */
  readonly loss: (batch: Batch, noise: RandomStream) => TermsOf<K>;
}

/** What and how to train of a model that is no VAE. */
export type ModelTrainingOptions<K extends string> = Omit<TrainingOptions, OfVAEs> & ModelLoss<K>;

/** What a resumed training of such a model may be given; no file can make the model and its loss again. */
export type ModelResumeOptions<K extends string> = ResumeOptions & ModelLoss<K> & { readonly model: Module };

/** The names of the options that are no settings, and of the settings that may change when a training is resumed. */
export const DATA = [
  'train',
  'test',
  'schedule',
  'optimizer',
] as const satisfies readonly (keyof TrainingData)[];
export const RESUMABLE = ['epochs', 'learningRate', 'clipNorm', 'earlyStopping'] as const;

/** What a resumed training may be given: the same data and functions as before, and what may differ from then on. */
export interface ResumeOptions extends TrainingData, Resumable {}

type Resumable = { readonly [K in (typeof RESUMABLE)[number]]?: TrainingOptions[K] | undefined };

/**
 * The settings of `options`, with every default in place.
 * @param others names of further options
 * @throws RangeError naming the first option that is out of range; TypeError for one that does not exist.
 */
export function completeSettings(options: TrainingOptions, others: readonly string[] = []): TrainingSettings {
  const given = { ...options, objective: namedObjective(options.objective) };
  const settings = complete(trainingSchema, given, 'Trainer', [...DATA, ...others]);
  const { warmupEpochs, warmupCycle, objective, estimator, samples } = settings;
  if (objective === 'iwae' && estimator === 'vimco' && samples < 2) {
    throw new RangeError(`Trainer: samples is ${samples}; the estimator 'vimco' needs 2 or more`);
  }
  if (warmupCycle !== null && !(warmupEpochs > 0 && warmupEpochs <= warmupCycle)) {
    throw new RangeError(
      `Trainer: warmupCycle is ${warmupCycle}; warmupEpochs is ${warmupEpochs}, but must be above 0 and no longer`,
    );
  }
  return { ...settings, scheduled: options.schedule !== undefined };
}

/** The objective, if it is one that the settings name; undefined if it is a registered one. */
export const namedObjective = (
  given: TrainingOptions['objective'],
): TrainingSettings['objective'] | undefined => trainingSchema.objective.accept(given);

/** The settings of the ELBO, in whose place an objective may stand. */
const OF_ELBO = ['beta', 'freeBits', 'capacity', 'kl', 'warmupEpochs', 'warmupCycle'] as const;

/** Those of `options` that are settings of the ELBO. */
export const ofElbo = <T extends { readonly [K in (typeof OF_ELBO)[number]]?: unknown }>(
  options: T,
): Pick<T, (typeof OF_ELBO)[number]> =>
  Object.fromEntries(OF_ELBO.map((name) => [name, options[name]])) as Pick<T, (typeof OF_ELBO)[number]>;

/** Whether in `epoch` the weight of the KL, or its capacity, is still on its way: losses do not compare. */
export const isRising = (
  epoch: number,
  { warmupEpochs, warmupCycle }: Pick<TrainingSettings, 'warmupEpochs' | 'warmupCycle'>,
): boolean => klWarmup(epoch, { epochs: warmupEpochs, cycle: warmupCycle }) < 1;

/** The settings of the ELBO in an epoch, counted from 1. */
export function elboIn(
  epoch: number,
  settings: Pick<TrainingSettings, (typeof OF_ELBO)[number]>,
): Values<typeof elboSchema> {
  const { beta, freeBits, capacity, kl, warmupEpochs, warmupCycle } = settings;
  const risen = (to: number): number =>
    klWarmup(epoch, { beta: to, epochs: warmupEpochs, cycle: warmupCycle });
  return capacity === null
    ? { beta: risen(beta), freeBits, capacity, kl }
    : { beta, freeBits, capacity: risen(capacity), kl };
}

/** Options that only VAEs have. */
const OF_VAES = [...OF_ELBO, 'objective', 'estimator', 'samples', 'binarize', 'noise', 'noiseLevel'] as const;
type OfVAEs = (typeof OF_VAES)[number];

/** What a model that is no VAE can be told. */
export const withoutOptionsOfVAEs = <T extends TrainingOptions>(options: T): Omit<T, OfVAEs> =>
  Object.fromEntries(
    Object.entries(options).filter(([name]) => !OF_VAES.some((one) => one === name)),
  ) as Omit<T, OfVAEs>;

/** @throws TypeError where a model that is no VAE is to be trained with an option of VAEs, or without a loss. */
export function checkModelOptions<K extends string>(
  options: TrainingOptions | ModelTrainingOptions<K>,
): asserts options is ModelTrainingOptions<K> {
  const foreign = OF_VAES.find((name) => Reflect.get(options, name) !== undefined);
  if (foreign !== undefined) {
    throw new TypeError(`Trainer: ${foreign} is a setting of VAEs; put it into the loss of the model`);
  }
  if ('loss' in options && typeof options.loss === 'function') return;
  throw new TypeError(
    'Trainer: a model that is no VAE needs a loss, as in { loss: ({ x }) => ({ loss: ... }) }',
  );
}
