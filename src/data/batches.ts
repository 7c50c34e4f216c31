import type { DType } from '../tensor/dtype.js';
import { checkOptions } from '../tensor/known-options.js';
import { checkStream } from '../tensor/random/check-stream.js';
import type { RandomStream } from '../tensor/random/stream.js';
import type { Tensor } from '../tensor/tensor.js';
import type { Dataset } from './dataset.js';

/** Some examples of a data set. */
export interface Batch {
  /** Shape [size, ...shape of an example]; images are [size, channels, rows, columns]. */
  readonly x: Tensor;
  /** The class of each example, where the data set has classes. */
  readonly labels?: Int32Array;
  /** What is to be predicted from x, [size, ...], where the data set has it. */
  readonly targets?: Tensor;
  /** The number of each example in the data set. */
  readonly indices: ArrayLike<number>;
}

/**
 * The examples at the given indices, with their labels and targets.
 * @throws RangeError for an index that there is not.
 */
export function batchOf(dataset: Dataset, indices: ArrayLike<number>, dtype: DType = 'float32'): Batch {
  const { shape, labels, targets } = dataset;
  const rows = dataset.batch(indices, dtype);
  const x = shape === undefined || shape.length === 1 ? rows : rows.view([indices.length, ...shape]);
  const batch: { -readonly [K in keyof Batch]: Batch[K] } = { x, indices };
  if (labels !== undefined) batch.labels = Int32Array.from(indices, (i) => labels[i]);
  if (targets !== undefined) batch.targets = targets(indices, dtype);
  return batch;
}

/** How {@link batches} cuts a dataset. */
export interface BatchesOptions {
  /** Examples per batch; the last one has what is left. */
  readonly size: number;
  /** Shuffles the examples; without it they come in order. Another call with the same stream gives another order. */
  readonly stream?: RandomStream;
  /** Defaults to float32. */
  readonly dtype?: DType;
}

/**
 * All examples once, batch by batch: one epoch.
 * @example
 * for (const { x, labels } of batches(dataset, { size: 128, stream: random.stream('shuffle') })) {
 *   scope(() => optimizer.step(backward(crossEntropy(model.forward(x), labels))));
 * }
 * @throws RangeError unless size is an integer of 1 or more; TypeError for an unknown option.
 */
export function* batches(dataset: Dataset, options: BatchesOptions): Generator<Batch, void, undefined> {
  checkOptions(options, ['size', 'stream', 'dtype'], 'batches');
  const { size, stream, dtype = 'float32' } = options;
  if (!Number.isSafeInteger(size) || size < 1) {
    throw new RangeError(`batches: size is ${size}; it must be an integer of 1 or more`);
  }
  if (stream !== undefined) checkStream(stream, 'batches');
  const order = stream?.permutation(dataset.size) ?? Int32Array.from({ length: dataset.size }, (_, i) => i);
  for (let first = 0; first < dataset.size; first += size) {
    yield batchOf(dataset, order.subarray(first, first + size), dtype);
  }
}
