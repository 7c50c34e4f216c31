import type { Batch } from '../../data/batches.js';
import type { DType } from '../../tensor/dtype.js';
import type { RandomStream } from '../../tensor/random/stream.js';
import type { Tensor } from '../../tensor/tensor.js';
import { TrainingError } from './errors.js';
import type { MetricsOf, VAETerm } from './events.js';

/** The examples and the noise of a step of a VAE. */
export interface TrainingBatch {
  /** [batch, features] */
  readonly x: Tensor;
  /** What the encoder sees, where that is not x. */
  readonly input: Tensor | undefined;
  /** [batch, noise], or [samples, batch, noise] for several samples of each example. */
  readonly epsilon: Tensor;
  /** Where the examples stand in the training data. */
  readonly indices: Int32Array;
  /** Of a conditional model. */
  readonly labels: Int32Array | undefined;
}

/** The batch of a step, whatever the model. */
export type BatchOf<K extends string> = [VAETerm] extends [K] ? TrainingBatch : Batch;

/** The streams that go on from step to step. */
export interface TrainingStreams {
  readonly epsilon: RandomStream;
  readonly binarize: RandomStream;
  /** On what the encoder sees. */
  readonly noise: RandomStream;
}

/** Recorded scalars by the names of the terms. */
export type TermsOf<K extends string> = Readonly<Record<K | 'loss', Tensor>>;

/** What a trainer trains, as it sees it: the objective of a VAE, or the loss of any other model. */
export interface Task<K extends string, Examples extends { readonly x: Tensor }, Test> {
  readonly dtype: DType;
  /** The examples at the given indices of the training data, and what is drawn for them. */
  batch(indices: Int32Array, streams: TrainingStreams): Examples;
  /** @param baseline the loss of the examples before, on average */
  terms(batch: Examples, streams: TrainingStreams, epoch: number, baseline: number): TermsOf<K>;
  /**
   * What the test set comes to, yielding after each batch; undefined where there is none.
   * @throws TrainingError when its loss is not finite.
   */
  evaluate(epoch: number): Generator<void, Test | undefined>;
}

/**
 * Refuses a test set whose loss is not finite.
 * @param judged what has to be finite
 * @param terms what the message shows
 * @throws TrainingError
 */
export function checkTest(epoch: number, judged: number, { loss, ...terms }: MetricsOf<string>): void {
  if (Number.isFinite(judged)) return;
  const others = Object.entries(terms).map(([name, value]) => `${name} ${value}`);
  throw new TrainingError(
    epoch,
    undefined,
    `the test loss is ${loss}${others.length === 0 ? '' : ` (${others.join(', ')})`}; ` +
      'look for test data far out of range, or lower the learning rate',
  );
}
