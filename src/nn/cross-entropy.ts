import { noGrad } from '../autograd/apply.js';
import { neg } from '../autograd/ops/arithmetic.js';
import { argmax } from '../autograd/ops/extremes.js';
import { logSoftmax } from '../autograd/ops/softmax.js';
import { takeAlongAxis } from '../autograd/ops/take-along-axis.js';
import { ShapeError } from '../tensor/errors.js';
import { checkIndices } from '../tensor/indices.js';
import { formatShape, sameShape, sizeOf } from '../tensor/shape.js';
import { Tensor } from '../tensor/tensor.js';
import { perExample } from './losses.js';

/** Integers from 0 to classes - 1, one for each row of logits: a list, a typed array or a tensor. */
export type Labels = ArrayLike<number> | Tensor;

/**
 * The labels as a tensor that goes with logits: of their shape, the size of the last dimension being 1.
 * @throws ShapeError when there is not one label for each row of logits; RangeError naming the first label out of range.
 */
function labelsFor(logits: Tensor, labels: Labels, who: string): Tensor {
  const { shape, rank, dtype } = logits;
  if (rank < 2 || shape[0] === 0) {
    throw new ShapeError(
      `${who}: logits must be [batch, ..., classes] with at least one example, but are ${formatShape(shape)}`,
    );
  }
  const rows = shape.slice(0, -1);
  const values = labels instanceof Tensor ? labels.data : labels;
  if (labels instanceof Tensor ? !sameShape(labels.shape, rows) : values.length !== sizeOf(rows)) {
    const got = labels instanceof Tensor ? formatShape(labels.shape) : `${values.length} labels`;
    throw new ShapeError(
      `${who}: logits ${formatShape(shape)} take one label for each row, ${formatShape(rows)}, but got ${got}`,
    );
  }
  checkIndices(values, shape[rank - 1], `${who}: label`);
  const result = Tensor.uninitialized([...rows, 1], dtype);
  result.data.set(values);
  return result;
}

/**
 * -log softmax(logits)[label], in nats per example: summed over all dimensions but the first, averaged over the batch.
 * @param logits shape [batch, ..., classes]; classes come last, where PyTorch's `cross_entropy` has them second
 * @param labels integers from 0 to classes - 1: a tensor of shape [batch, ...], or as many numbers in row-major order
 * @returns a scalar
 * @throws ShapeError when there is not one label for each row of logits; RangeError naming the first label out of range.
 */
export function crossEntropy(logits: Tensor, labels: Labels): Tensor {
  const chosen = labelsFor(logits, labels, 'crossEntropy');
  return perExample(neg(takeAlongAxis(logSoftmax(logits), chosen)));
}

/**
 * The share of rows whose largest logit (the first of those that tie) is at the label, from 0 to 1.
 * @param logits shape [batch, ..., classes]
 * @param labels as in {@link crossEntropy}
 * @throws ShapeError when there is not one label for each row of logits; RangeError naming the first label out of range.
 */
export function accuracy(logits: Tensor, labels: Labels): number {
  const { data } = labelsFor(logits, labels, 'accuracy');
  const guesses = noGrad(() => argmax(logits, { axis: -1 }));
  let right = 0;
  for (let i = 0; i < data.length; i++) if (guesses.data[i] === data[i]) right++;
  return right / data.length;
}
