import { add, exp, mul, neg, square, sub, sum } from '../../autograd/index.js';
import { HALF_LOG_TWO_PI } from '../../nn/losses.js';
import type { Tensor } from '../../tensor/tensor.js';

const sumRows = (x: Tensor): Tensor => sum(x, { axes: -1 });

/**
 * log N(z; mean, e^logvar) of each row, in nats: -sum_j [(z - mean)^2 e^-logvar + logvar + log 2 pi] / 2.
 * @param z [rows, latent]; mean and logvar of the same shape
 * @returns [rows]
 */
export function logNormal(z: Tensor, mean: Tensor, logvar: Tensor): Tensor {
  const half = mul(logvar, 0.5);
  const scaled = mul(sub(z, mean), exp(neg(half)));
  return neg(sumRows(add(add(mul(square(scaled), 0.5), half), HALF_LOG_TWO_PI)));
}

/** log N(z; 0, I) of each row, [rows], in nats. */
export function logStandardNormal(z: Tensor): Tensor {
  return neg(sumRows(add(mul(square(z), 0.5), HALF_LOG_TWO_PI)));
}
