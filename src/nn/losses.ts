import { add, div, mul, neg, square, squaredDifference, sub } from '../autograd/ops/arithmetic.js';
import { exp, log } from '../autograd/ops/exponential.js';
import { mean as meanOf, sum } from '../autograd/ops/reduce.js';
import { allWithin } from '../autograd/ops/within.js';
import { full } from '../tensor/create.js';
import { ShapeError } from '../tensor/errors.js';
import { checkOptions } from '../tensor/known-options.js';
import { formatShape, sameShape } from '../tensor/shape.js';
import type { Tensor } from '../tensor/tensor.js';
import { bernoulliNll } from './bernoulli.js';
import { sigmoidSquaredError } from './sigmoid-squared-error.js';

export const HALF_LOG_TWO_PI = 0.9189385332046727;

/** @throws ShapeError unless two tensors that are compared element by element have one shape. */
function checkSame(who: string, a: string, x: Tensor, b: string, y: Tensor): void {
  if (sameShape(x.shape, y.shape)) return;
  throw new ShapeError(
    `${who}: ${a} ${formatShape(x.shape)} and ${b} ${formatShape(y.shape)} must have the same shape; ` +
      'nothing is broadcast, so reshape one of them',
  );
}

/** @throws RangeError naming the first element outside [0, 1]. */
function checkUnitInterval(targets: Tensor, who: string): void {
  if (allWithin([targets], 0, 1)) return;
  const { data } = targets;
  for (let i = 0; i < data.length; i++) {
    if (data[i] >= 0 && data[i] <= 1) continue;
    throw new RangeError(
      `${who}: targets must be from 0 to 1, but element ${i} of ${formatShape(targets.shape)} is ${data[i]}; ` +
        'scale the data first (bytes: divide by 255)',
    );
  }
}

/**
 * Sums over all dimensions but the first: from one number per element to one per example.
 * @param x shape [batch, ...]
 * @returns shape [batch]
 * @throws ShapeError for a scalar, or an empty batch.
 */
export function sumPerExample(x: Tensor): Tensor {
  if (x.rank === 0 || x.shape[0] === 0) {
    throw new ShapeError(
      `sumPerExample: needs [batch, ...] with at least one example, but got ${formatShape(x.shape)}`,
    );
  }
  return x.rank === 1 ? x : sum(x, { axes: x.shape.slice(1).map((_, d) => d + 1) });
}

/** The one reduction of all losses here: summed over all dimensions but the first, averaged over the batch. */
export const perExample = (x: Tensor): Tensor => meanOf(sumPerExample(x));

/**
 * -log p(targets) under Bernoulli variables given by their logits, in nats per example: summed over all dimensions
 * but the first, averaged over the batch. Targets between 0 and 1 give the cross-entropy, whose least value is
 * their own entropy, not 0.
 * @param logits shape [batch, ...]; the probability of 1 is sigmoid(logit)
 * @param targets the same shape, values in [0, 1]
 * @returns a scalar
 * @throws ShapeError when shapes differ; RangeError when a target is outside [0, 1].
 */
export function binaryCrossEntropyWithLogits(logits: Tensor, targets: Tensor): Tensor {
  checkSame('binaryCrossEntropyWithLogits', 'logits', logits, 'targets', targets);
  checkUnitInterval(targets, 'binaryCrossEntropyWithLogits');
  return perExample(bernoulliNll(logits, targets));
}

/**
 * |prediction - target|^2 per example: summed over all dimensions but the first, averaged over the batch.
 * It is not averaged over dimensions: PyTorch's `mse_loss` times the numbers per example.
 * @param prediction shape [batch, ...]
 * @param target the same shape
 * @returns a scalar
 * @throws ShapeError when shapes differ.
 */
export function squaredError(prediction: Tensor, target: Tensor): Tensor {
  checkSame('squaredError', 'prediction', prediction, 'target', target);
  return perExample(squaredDifference(prediction, target));
}

/**
 * |sigmoid(logits) - target|^2 per example, reduced as {@link squaredError}: its value and gradients in every bit, in one pass
 * over the data where that takes three.
 * @param logits shape [batch, ...]
 * @param target the same shape
 * @returns a scalar
 * @throws ShapeError when shapes differ.
 */
export function squaredErrorWithLogits(logits: Tensor, target: Tensor): Tensor {
  checkSame('squaredErrorWithLogits', 'logits', logits, 'target', target);
  return perExample(sigmoidSquaredError(logits, target));
}

/**
 * The spread of a Gaussian, as its standard deviation or as the logarithm of its variance: one per element, or one
 * number (or tensor of shape []) for all.
 */
export type GaussianScale = { readonly sigma: Tensor | number } | { readonly logvar: Tensor | number };

function checkedScale(value: Tensor | number, what: string, target: Tensor): Tensor {
  if (typeof value === 'number') {
    if (Number.isFinite(value) && (what === 'logvar' || value > 0))
      return full([], value, { dtype: target.dtype });
    const need = what === 'logvar' ? 'finite' : 'finite and greater than 0';
    throw new RangeError(`gaussianNll: ${what} is ${value}; it must be ${need}`);
  }
  if (value.rank > 0) checkSame('gaussianNll', 'target', target, what, value);
  return value;
}

/** -log N(target; mean, sigma^2) of each value: z^2 / 2 + log(sigma) + log(2 pi) / 2 with z = (target - mean) / sigma. */
export function gaussianNllPerValue(target: Tensor, mean: Tensor, scale: GaussianScale): Tensor {
  checkOptions(scale, ['sigma', 'logvar'], 'gaussianNll');
  if ('sigma' in scale === 'logvar' in scale) {
    throw new TypeError('gaussianNll: needs either { sigma } or { logvar }, as the spread of the Gaussian');
  }
  const residual = sub(target, mean);
  if ('sigma' in scale) {
    const sigma = checkedScale(scale.sigma, 'sigma', target);
    return add(mul(square(div(residual, sigma)), 0.5), add(log(sigma), HALF_LOG_TWO_PI));
  }
  const halfLogvar = mul(checkedScale(scale.logvar, 'logvar', target), 0.5);
  // Scaling before squaring: z^2 overflows only where the result does.
  const z = mul(residual, exp(neg(halfLogvar)));
  return add(mul(square(z), 0.5), add(halfLogvar, HALF_LOG_TWO_PI));
}

/**
 * -log p(target) under independent Gaussians, with its constant, in nats per example: summed over all dimensions
 * but the first, averaged over the batch.
 * @param target shape [batch, ...]
 * @param mean the same shape
 * @param scale `{ sigma }` or `{ logvar }`
 * @returns a scalar
 * @throws ShapeError when shapes differ; RangeError when sigma is a number that is not positive; TypeError unless one of
 * sigma and logvar is given.
 */
export function gaussianNll(target: Tensor, mean: Tensor, scale: GaussianScale): Tensor {
  checkSame('gaussianNll', 'target', target, 'mean', mean);
  return perExample(gaussianNllPerValue(target, mean, scale));
}
