import type { DType } from '../tensor/dtype.js';
import type { Tensor } from '../tensor/tensor.js';

/** Examples that training and evaluation draw batches from; src/data makes one from images. */
export interface Dataset {
  /** Number of examples. */
  readonly size: number;
  /** Numbers per example. */
  readonly features: number;
  /** The examples at the given indices, as plain data of shape [indices.length, features]. */
  batch(indices: ArrayLike<number>, dtype: DType): Tensor;
}
