import type { Module } from '../../nn/module.js';
import type { DType } from '../../tensor/dtype.js';
import type { RandomStream } from '../../tensor/random/stream.js';
import type { Tensor } from '../../tensor/tensor.js';
import type { Numbers } from './progress.js';

/** The examples and the noise of a step of a VAE. */
export interface TrainingBatch {
  /** [batch, features] */
  readonly x: Tensor;
  /** [batch, latent] */
  readonly epsilon: Tensor;
  /** Where the examples stand in the training data. */
  readonly indices: Int32Array;
  /** Of a conditional model. */
  readonly labels: Int32Array | undefined;
}

/** The streams that go on from step to step. */
export interface TrainingStreams {
  readonly epsilon: RandomStream;
  readonly binarize: RandomStream;
}

/** What every batch has. */
interface Examples {
  readonly x: Tensor;
}

/** What a trainer trains, as it sees it: the VAE's objective or the loss of any other model. */
export interface Task {
  readonly model: Module;
  readonly dtype: DType;
  /** The examples at the given indices of the training data, and what is drawn for them. */
  batch(indices: Int32Array, streams: TrainingStreams): Examples;
  /** The terms of a batch, `loss` among them: recorded scalars. */
  terms(batch: Examples, streams: TrainingStreams, epoch: number): Readonly<Record<'loss', Tensor>>;
  /** The values of what {@link terms} gave. */
  values(terms: Readonly<Record<'loss', Tensor>>): Numbers & { readonly loss: number };
  /** The sums before the first batch. */
  readonly zero: Numbers;
  /** What the test set comes to; undefined where there is none. @throws TrainingError when it is not finite. */
  evaluate(epoch: number): ({ readonly loss: number } & object) | undefined;
}
