import { checkOptions } from '../../tensor/known-options.js';
import { sizeOf } from '../../tensor/shape.js';
import type { Tensor } from '../../tensor/tensor.js';
import { div, squaredDifference } from './arithmetic.js';
import { resolveAxes } from './axes.js';
import { mean, type ReduceOptions, sum } from './reduce.js';

/** Options of {@link variance}. */
export interface VarianceOptions extends ReduceOptions {
  /**
   * What is taken from the number of elements before dividing by it: 1 for the unbiased estimate from a sample, as in PyTorch; 0
   * for the variance of the elements themselves, as in NumPy. Defaults to 1.
   */
  readonly correction?: 0 | 1;
}

/**
 * The variance over axes, all of them by default: sum((x - mean(x))^2) / (n - correction), with shapes as in `sum`. The mean
 * comes first, so that nothing cancels where it is large. NaN where n - correction is 0.
 * @throws ShapeError for an axis out of range or given twice; RangeError for another correction than 0 or 1.
 */
export function variance(x: Tensor, options: VarianceOptions = {}): Tensor {
  checkOptions(options, ['axes', 'axis', 'keepDims', 'correction'], 'variance');
  const { keepDims = false, correction = 1 } = options ?? {};
  if (correction !== 0 && correction !== 1) {
    throw new RangeError(`variance: correction is ${String(correction)}; it must be 0 or 1`);
  }
  const axes = resolveAxes(options, x.rank, 'variance');
  const count = sizeOf(axes.map((d) => x.shape[d]));
  const deviations = squaredDifference(x, mean(x, { axes, keepDims: true }));
  return div(sum(deviations, { axes, keepDims }), Math.max(0, count - correction));
}
