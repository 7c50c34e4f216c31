import { add, exp, log, mul, neg, square, sub, sum } from '../../autograd/index.js';
import { bernoulliNll } from '../../nn/bernoulli.js';
import { HALF_LOG_TWO_PI } from '../../nn/losses.js';
import { sigmoidSquaredError } from '../../nn/sigmoid-squared-error.js';
import type { Tensor } from '../../tensor/tensor.js';
import { Gaussian, type Likelihood } from '../../vae/likelihood.js';

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

/**
 * The part of -log p(x | z) that depends on the parameters, for each row: what `likelihood.reconstruction` gives the mean of.
 * @param output [rows, features], what the decoder puts out
 * @param x [rows, features]
 * @returns [rows], in nats
 */
export function reconstructionOfRows(likelihood: Likelihood, output: Tensor, x: Tensor): Tensor {
  if (!(likelihood instanceof Gaussian)) return sumRows(bernoulliNll(output, x));
  const squared = sumRows(sigmoidSquaredError(output, x));
  if (likelihood.logsigma === null) return mul(squared, 1 / (2 * likelihood.sigma * likelihood.sigma));
  const sigma = exp(likelihood.logsigma);
  const perFeature = add(log(sigma), HALF_LOG_TWO_PI);
  return add(mul(squared, mul(square(exp(neg(likelihood.logsigma))), 0.5)), mul(perFeature, x.shape[1]));
}
