import { checkOptions } from '../../tensor/known-options.js';
import type { Dataset } from '../dataset.js';

/** When to stop before the last epoch: once `patience` epochs in a row bring no new lowest loss. */
export interface EarlyStopping {
  /** Epochs without improvement, 1 or more. */
  readonly patience: number;
  /** Nats per example by which a loss must be lower to count; 0 unless given. */
  readonly minDelta?: number;
}

/** What and how to train. */
export interface TrainingOptions {
  readonly train: Dataset;
  /** Evaluated after each epoch. */
  readonly test?: Dataset | undefined;
  /** How many epochs in all; 0 trains nothing. */
  readonly epochs: number;
  /** Examples per step, 128 unless given; the last batch of an epoch has what is left. */
  readonly batchSize?: number | undefined;
  /** Of Adam; 0.001 unless given. */
  readonly learningRate?: number | undefined;
  /** Weight of the KL; 1 unless given. */
  readonly beta?: number | undefined;
  /** Epochs over which the weight of the KL rises to `beta` (`klWarmup`); 0 unless given. */
  readonly warmupEpochs?: number | undefined;
  /** Nats below which a latent dimension's KL is not pushed further; 0 unless given. */
  readonly freeBits?: number | undefined;
  /** Longest gradient, as one vector over all parameters; not limited unless given. */
  readonly clipNorm?: number | undefined;
  /** Draw each value as 0 or 1 with itself as the probability, anew at each step (dynamic binarization); false unless given. */
  readonly binarize?: boolean | undefined;
  /** Factor of the learning rate in an epoch, counted from 0 as the functions of `schedules` count. */
  readonly schedule?: ((epoch: number) => number) | undefined;
  /** On the test set's loss if there is one, else on the training loss; epochs of the KL's warm-up do not count. */
  readonly earlyStopping?: EarlyStopping | undefined;
  /** Of shuffling, noise and binarization; 0 unless given. */
  readonly seed?: number | undefined;
}

/** What a resumed training may be given: the data it had, and what may differ from then on. */
export interface ResumeOptions {
  /** The same examples as before. */
  readonly train: Dataset;
  /** The same as before; needed if there was one. */
  readonly test?: Dataset | undefined;
  /** A new total; as before unless given. */
  readonly epochs?: number | undefined;
  /** A function is not kept in a checkpoint: the same one is needed again if there was one. */
  readonly schedule?: ((epoch: number) => number) | undefined;
  readonly learningRate?: number | undefined;
  readonly clipNorm?: number | undefined;
  readonly earlyStopping?: EarlyStopping | undefined;
}

/** All options but the data and the schedule, complete, as plain JSON: what a checkpoint keeps. */
export interface TrainingSettings {
  readonly epochs: number;
  readonly batchSize: number;
  readonly learningRate: number;
  readonly beta: number;
  readonly warmupEpochs: number;
  readonly freeBits: number;
  readonly clipNorm: number | null;
  readonly binarize: boolean;
  readonly earlyStopping: Required<EarlyStopping> | null;
  readonly seed: number;
  /** Whether there is a schedule. */
  readonly scheduled: boolean;
}

const KNOWN = [
  'train',
  'test',
  'epochs',
  'batchSize',
  'learningRate',
  'beta',
  'warmupEpochs',
  'freeBits',
  'clipNorm',
  'binarize',
  'schedule',
  'earlyStopping',
  'seed',
];

/** What {@link ResumeOptions} may hold. */
export const RESUMABLE = ['train', 'test', 'epochs', 'schedule', 'learningRate', 'clipNorm', 'earlyStopping'];

const whole =
  (least: number) =>
  (x: number): boolean =>
    Number.isSafeInteger(x) && x >= least;
const atLeast0 = (x: number): boolean => Number.isFinite(x) && x >= 0;
const above0 = (x: number): boolean => Number.isFinite(x) && x > 0;

/** @throws RangeError naming the first setting that is out of range. */
export function checkSettings(settings: TrainingSettings): TrainingSettings {
  const check = (holds: boolean, name: string, value: unknown, need: string): void => {
    if (!holds) throw new RangeError(`Trainer: ${name} is ${String(value)}; it must be ${need}`);
  };
  const s = settings;
  check(whole(0)(s.epochs), 'epochs', s.epochs, 'an integer of 0 or more');
  check(whole(1)(s.batchSize), 'batchSize', s.batchSize, 'an integer of 1 or more');
  check(above0(s.learningRate), 'learningRate', s.learningRate, 'a finite number above 0');
  check(atLeast0(s.beta), 'beta', s.beta, 'a finite number of 0 or more');
  check(atLeast0(s.warmupEpochs), 'warmupEpochs', s.warmupEpochs, 'a finite number of 0 or more');
  check(atLeast0(s.freeBits), 'freeBits', s.freeBits, 'a finite number of 0 or more');
  check(s.clipNorm === null || above0(s.clipNorm), 'clipNorm', s.clipNorm, 'a finite number above 0');
  check(whole(0)(s.seed), 'seed', s.seed, 'an integer from 0 to 2^53 - 1');
  if (s.earlyStopping !== null) {
    const { patience, minDelta } = s.earlyStopping;
    check(whole(1)(patience), 'earlyStopping.patience', patience, 'an integer of 1 or more');
    check(atLeast0(minDelta), 'earlyStopping.minDelta', minDelta, 'a finite number of 0 or more');
  }
  return settings;
}

/**
 * The options with every default in place.
 * @throws RangeError naming the first option that is out of range; TypeError for one that does not exist.
 */
export function completeSettings(options: TrainingOptions): TrainingSettings {
  checkOptions(options, KNOWN, 'Trainer');
  const { earlyStopping: early } = options;
  return checkSettings({
    epochs: options.epochs,
    batchSize: options.batchSize ?? 128,
    learningRate: options.learningRate ?? 1e-3,
    beta: options.beta ?? 1,
    warmupEpochs: options.warmupEpochs ?? 0,
    freeBits: options.freeBits ?? 0,
    clipNorm: options.clipNorm ?? null,
    binarize: options.binarize ?? false,
    earlyStopping: early === undefined ? null : { patience: early.patience, minDelta: early.minDelta ?? 0 },
    seed: options.seed ?? 0,
    scheduled: options.schedule !== undefined,
  });
}
