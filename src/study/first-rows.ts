import type { Dataset, LabeledDataset } from '../data/dataset.js';
import type { DType } from '../tensor/dtype.js';
import { Tensor } from '../tensor/tensor.js';
import type { LatentVariableModel } from '../vae/model.js';
import type { Labels } from '../vae/parts/condition.js';

/** A copy of the first `count` rows of a tensor, or of all rows if there are fewer. */
export function firstRows(x: Tensor, count: number): Tensor {
  const [rows, ...rest] = x.shape;
  const kept = Math.min(count, rows);
  return new Tensor(x.data.slice(0, (kept * x.size) / rows), [kept, ...rest]);
}

/** The labels of the examples from `first` on, where the model is told them. */
export const labelsFor = (
  { condition }: Pick<LatentVariableModel, 'condition'>,
  { labels }: LabeledDataset,
  count: number,
  first = 0,
): Labels | undefined => (condition === null ? undefined : labels.subarray(first, first + count));

/** The first `count` examples, or all of them if there are fewer, as a batch. */
export const firstExamples = (dataset: Dataset, count: number, dtype: DType = 'float32'): Tensor =>
  dataset.batch(
    Int32Array.from({ length: Math.min(count, dataset.size) }, (_, i) => i),
    dtype,
  );

/** The noise of the first sample of z: [batch, noise] from that or from [samples, batch, noise]. */
export const firstSample = (epsilon: Tensor): Tensor =>
  epsilon.rank === 2 ? epsilon : firstRows(epsilon, 1).view(epsilon.shape.slice(1));
