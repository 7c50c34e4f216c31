import type { DType } from '../tensor/dtype.js';
import { ShapeError } from '../tensor/errors.js';
import type { RandomStream } from '../tensor/random/stream.js';
import { formatShape } from '../tensor/shape.js';
import { Tensor } from '../tensor/tensor.js';
import type { Dataset } from '../vae/dataset.js';
import type { LabeledImages } from './images.js';

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

/** Rows of `features` values, each translated by a function or table on its way into a batch. */
function rows<T extends ArrayLike<number>>(
  source: T,
  size: number,
  features: number,
  translate: ArrayLike<number> | null,
): Dataset {
  return {
    size,
    features,
    batch(indices, dtype) {
      const batch = Tensor.unfilled([indices.length, features], dtype);
      const { data } = batch;
      for (let row = 0; row < indices.length; row++) {
        checkIndex(indices[row], size);
        const from = indices[row] * features;
        const to = row * features;
        if (translate === null) for (let i = 0; i < features; i++) data[to + i] = source[from + i];
        else for (let i = 0; i < features; i++) data[to + i] = translate[source[from + i]];
      }
      return batch;
    },
  };
}

/** A gray value of 0 to 255 as a number from 0 to 1, rounded to float32 (in float64 batches too). */
const SHADES = Float32Array.from({ length: 256 }, (_, value) => value / 255);

/** Images as examples: one number from 0 to 1 per pixel, pixels / 255. The images are kept, not copied. */
export function imageDataset(images: LabeledImages): LabeledDataset {
  const features = images.rows * images.columns;
  return { ...rows(images.pixels, images.count, features, SHADES), labels: images.labels };
}

/**
 * The rows of a tensor as examples; the tensor is kept, not copied.
 * @param x [size, features]
 * @throws ShapeError when x has another rank.
 */
export function tensorDataset(x: Tensor): Dataset {
  if (x.rank !== 2) {
    throw new ShapeError(`tensorDataset: needs [size, features], but got ${formatShape(x.shape)}`);
  }
  return rows(x.data, x.shape[0], x.shape[1], null);
}

const labelsOf = (dataset: Dataset): Uint8Array | undefined =>
  'labels' in dataset && dataset.labels instanceof Uint8Array ? dataset.labels : undefined;

/**
 * The first `n` examples, or all of them if there are fewer.
 * @throws RangeError unless n is an integer of 1 or more.
 */
export function take(dataset: LabeledDataset, n: number): LabeledDataset;
export function take(dataset: Dataset, n: number): Dataset;
export function take(dataset: Dataset, n: number): Dataset | LabeledDataset {
  if (!Number.isSafeInteger(n) || n < 1) {
    throw new RangeError(`take: n is ${n}; it must be an integer of 1 or more`);
  }
  const size = Math.min(n, dataset.size);
  const labels = labelsOf(dataset);
  const first: Dataset = {
    size,
    features: dataset.features,
    batch(indices, dtype) {
      for (let i = 0; i < indices.length; i++) checkIndex(indices[i], size);
      return dataset.batch(indices, dtype);
    },
  };
  return labels === undefined ? first : { ...first, labels: labels.subarray(0, size) };
}

/** Examples binarized at a time; a multiple of 4, so that the draws are those of one fill over all values. */
const CHUNK = 256;
const BATCH_DTYPE: DType = 'float32';

/**
 * The examples with each value drawn once as 0 or 1, the value being the probability of 1 (static binarization).
 * @param stream `new Random(seed).stream('binarize')`; element i of the data takes draw i.
 * @throws RangeError when a value is outside 0 to 1.
 */
export function binarized(dataset: LabeledDataset, stream: RandomStream): LabeledDataset;
export function binarized(dataset: Dataset, stream: RandomStream): Dataset;
export function binarized(dataset: Dataset, stream: RandomStream): Dataset | LabeledDataset {
  const { size, features } = dataset;
  const bits = new Uint8Array(size * features);
  for (let start = 0; start < size; start += CHUNK) {
    const count = Math.min(CHUNK, size - start);
    const { data } = dataset.batch(
      Int32Array.from({ length: count }, (_, i) => start + i),
      BATCH_DTYPE,
    );
    bits.set(stream.bernoulli(new Float32Array(data.length), data), start * features);
  }
  const labels = labelsOf(dataset);
  const drawn = rows(bits, size, features, null);
  return labels === undefined ? drawn : { ...drawn, labels };
}
