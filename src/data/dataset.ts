import { writeByteRows } from '../autograd/ops/byte-rows.js';
import type { DType } from '../tensor/dtype.js';
import { ShapeError } from '../tensor/errors.js';
import { checkOptions } from '../tensor/known-options.js';
import type { RandomStream } from '../tensor/random/stream.js';
import { formatShape, type Shape, sizeOf } from '../tensor/shape.js';
import { Tensor } from '../tensor/tensor.js';
import { imageShape, type LabeledImages } from './images.js';
import { BITS, GRAY, type ValueRange } from './range.js';

/** Examples that training and evaluation draw batches from. */
export interface Dataset {
  /** Number of examples. */
  readonly size: number;
  /** Numbers per example. */
  readonly features: number;
  /** Shape of an example, whose product is `features`: [channels, rows, columns] of an image. Defaults to [features]. */
  readonly shape?: Shape;
  /** Values that no example leaves, where that is known without looking. */
  readonly range?: ValueRange;
  /** The class of each example. */
  readonly labels?: Uint8Array | Int32Array;
  /** What is to be predicted from the examples at the given indices, [indices.length, ...]. */
  readonly targets?: (indices: ArrayLike<number>, dtype: DType) => Tensor;
  /** The examples at the given indices as rows: plain data of shape [indices.length, features]. */
  batch(indices: ArrayLike<number>, dtype: DType): Tensor;
}

/** Examples with the class of each. */
export interface LabeledDataset extends Dataset {
  /** One byte per example. */
  readonly labels: Uint8Array;
}

/** @throws RangeError unless `index` is one of the `size` examples. */
function checkIndex(index: number, size: number): void {
  if (Number.isInteger(index) && index >= 0 && index < size) return;
  throw new RangeError(`batch: there is no example ${index}; there are ${size}, counted from 0`);
}

/** Bytes as examples, divided by 1 or 255 on their way into a batch. */
function byteRows(source: Uint8Array, shape: Shape, divisor: 1 | 255): Dataset {
  const features = sizeOf(shape);
  const size = source.length / features;
  return {
    size,
    features,
    shape,
    batch(indices, dtype) {
      for (let row = 0; row < indices.length; row++) checkIndex(indices[row], size);
      const batch = Tensor.uninitialized([indices.length, features], dtype);
      writeByteRows(batch.data, { source, rows: indices, width: features, divisor });
      return batch;
    },
  };
}

/** Images as examples: [channels, rows, columns] of numbers from 0 to 1, pixels / 255. The images are kept, not copied. */
export function imageDataset(images: LabeledImages): LabeledDataset {
  const shape = imageShape(images);
  const all = images.pixels.subarray(0, images.count * sizeOf(shape));
  return { ...byteRows(all, shape, 255), range: GRAY, labels: images.labels };
}

/** What belongs to the examples of {@link tensorDataset}. */
export interface TensorDatasetOptions {
  /** The class of each example. */
  readonly labels?: Uint8Array | Int32Array;
  /** What is to be predicted from each, [size, ...]. */
  readonly targets?: Tensor;
}

/** The rows of a tensor at some indices, in a dtype: [indices.length, numbers per row]. */
function rowsOf(x: Tensor, indices: ArrayLike<number>, dtype: DType): Tensor {
  const [size] = x.shape;
  const width = x.size / size;
  const rows = Tensor.uninitialized([indices.length, width], dtype);
  for (let row = 0; row < indices.length; row++) {
    checkIndex(indices[row], size);
    rows.data.set(x.data.subarray(indices[row] * width, (indices[row] + 1) * width), row * width);
  }
  return rows;
}

/**
 * The rows of a tensor as examples; the tensor is kept, not copied.
 * @param x [size, ...shape of an example]
 * @throws ShapeError when x has no shape of an example, or there are not as many labels or targets as examples;
 * TypeError for an unknown option.
 */
export function tensorDataset(x: Tensor, options: TensorDatasetOptions = {}): Dataset {
  checkOptions(options, ['labels', 'targets'], 'tensorDataset');
  if (x.rank < 2) {
    throw new ShapeError(
      `tensorDataset: needs [size, features] or [size, ...shape of an example], but got ${formatShape(x.shape)}`,
    );
  }
  const [size, ...shape] = x.shape;
  const { labels, targets } = options;
  for (const [name, count] of [
    ['labels', labels?.length],
    ['targets', targets?.shape[0]],
  ] as const) {
    if (options[name] === undefined || count === size) continue;
    throw new ShapeError(`tensorDataset: there are ${count} ${name} for ${size} examples; each needs one`);
  }
  return {
    size,
    features: sizeOf(shape),
    shape,
    ...(labels && { labels }),
    ...(targets && {
      targets: (indices, dtype) =>
        rowsOf(targets, indices, dtype).view([indices.length, ...targets.shape.slice(1)]),
    }),
    batch: (indices, dtype) => rowsOf(x, indices, dtype),
  };
}

/**
 * The first `n` examples, or all of them if there are fewer.
 * @throws RangeError unless n is an integer of 1 or more.
 */
export function take(dataset: LabeledDataset, n: number): LabeledDataset;
export function take(dataset: Dataset, n: number): Dataset;
export function take(dataset: Dataset, n: number): Dataset {
  if (!Number.isSafeInteger(n) || n < 1) {
    throw new RangeError(`take: n is ${n}; it must be an integer of 1 or more`);
  }
  const size = Math.min(n, dataset.size);
  const { labels } = dataset;
  return {
    ...dataset,
    size,
    ...(labels && { labels: labels.subarray(0, size) }),
    batch(indices, dtype) {
      for (let i = 0; i < indices.length; i++) checkIndex(indices[i], size);
      return dataset.batch(indices, dtype);
    },
  };
}

/** Examples binarized at a time; a multiple of 4, so that the draws are those of one fill over all values. */
const CHUNK = 256;

/**
 * The examples with each value drawn once as 0 or 1, the value being the probability of 1 (static binarization).
 * @param stream `new Random(seed).stream('binarize')`; element i of the data takes draw i.
 * @throws RangeError when a value is outside 0 to 1.
 */
export function binarized(dataset: LabeledDataset, stream: RandomStream): LabeledDataset;
export function binarized(dataset: Dataset, stream: RandomStream): Dataset;
export function binarized(dataset: Dataset, stream: RandomStream): Dataset {
  const { size, features, shape = [features] } = dataset;
  const bits = new Uint8Array(size * features);
  for (let start = 0; start < size; start += CHUNK) {
    const count = Math.min(CHUNK, size - start);
    const indices = Int32Array.from({ length: count }, (_, i) => start + i);
    const { data } = dataset.batch(indices, 'float32');
    bits.set(stream.bernoulli(new Float32Array(data.length), data), start * features);
  }
  return { ...dataset, ...byteRows(bits, shape, 1), range: BITS };
}
