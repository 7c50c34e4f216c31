import { bytesWork } from '../device/wasm/kernels/bytes.js';
import { backend } from '../tensor/current-backend.js';
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

/** Fewer numbers are translated more quickly here than by the backend. */
const LEAST_FOR_BACKEND = 512;

/** @throws RangeError unless `index` is one of the `size` examples. */
function checkIndex(index: number, size: number): void {
  if (Number.isInteger(index) && index >= 0 && index < size) return;
  throw new RangeError(`batch: there is no example ${index}; there are ${size}, counted from 0`);
}

/** Bytes divided by 1 or 255 and rounded to float32 (in float64 batches too). */
const QUOTIENTS = {
  1: Float32Array.from({ length: 256 }, (_, value) => value),
  255: Float32Array.from({ length: 256 }, (_, value) => value / 255),
};

/** Rows of `features` bytes, divided by 1 or 255 on their way into a batch. */
function byteRows(source: Uint8Array, size: number, features: number, divisor: 1 | 255): Dataset {
  const quotients = QUOTIENTS[divisor];
  return {
    size,
    features,
    batch(indices, dtype) {
      for (let row = 0; row < indices.length; row++) checkIndex(indices[row], size);
      const batch = Tensor.unfilled([indices.length, features], dtype);
      const { data } = batch;
      const rows = { source, rows: indices, width: features, divisor };
      const quick = data instanceof Float32Array && data.length >= LEAST_FOR_BACKEND;
      const done = (quick && backend().work(bytesWork, { rows, out: data })) || 0;
      for (let row = Math.floor(done / features); row < indices.length; row++) {
        const from = indices[row] * features;
        const to = row * features;
        for (let i = 0; i < features; i++) data[to + i] = quotients[source[from + i]];
      }
      return batch;
    },
  };
}

/** Images as examples: one number from 0 to 1 per pixel, pixels / 255. The images are kept, not copied. */
export function imageDataset(images: LabeledImages): LabeledDataset {
  const features = images.rows * images.columns;
  return { ...byteRows(images.pixels, images.count, features, 255), labels: images.labels };
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
  const [size, features] = x.shape;
  return {
    size,
    features,
    batch(indices, dtype) {
      for (let row = 0; row < indices.length; row++) checkIndex(indices[row], size);
      const batch = Tensor.unfilled([indices.length, features], dtype);
      for (let row = 0; row < indices.length; row++) {
        const from = indices[row] * features;
        batch.data.set(x.data.subarray(from, from + features), row * features);
      }
      return batch;
    },
  };
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
  const drawn = byteRows(bits, size, features, 1);
  return labels === undefined ? drawn : { ...drawn, labels };
}
