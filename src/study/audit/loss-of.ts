import { add, exp, mean, mul, sigmoid, square, stopGradient, sub, sum } from '../../autograd/index.js';
import { bernoulliNll } from '../../nn/bernoulli.js';
import { HALF_LOG_TWO_PI } from '../../nn/losses.js';
import type { Tensor } from '../../tensor/tensor.js';
import { gaussianKl } from '../../vae/kl.js';
import type { VAEOutput } from '../../vae/model.js';
import { reparameterize } from '../../vae/reparameterize.js';
import {
  completeDescription,
  type GivenDescription,
  type LossDescription,
  type Reduction,
} from './description.js';

/** A loss as code, from one pass through a VAE and the examples to a scalar. The decoder's outputs are logits. */
export type Loss = (pass: VAEOutput, x: Tensor) => Tensor;
/** z as code. */
export type Sample = (mean: Tensor, logvar: Tensor, epsilon: Tensor) => Tensor;

/** Reduces [batch, n]: over its second dimension, then over the batch. */
function reduced(t: Tensor, own: Reduction, batch: Reduction): Tensor {
  const perExample = own === 'sum' ? sum(t, { axes: 1 }) : mean(t, { axes: 1 });
  return batch === 'sum' ? sum(perExample) : mean(perExample);
}

function reconstructionOf(
  { likelihood, sigma, constant }: LossDescription,
  output: Tensor,
  x: Tensor,
): Tensor {
  if (likelihood === 'bernoulli') return bernoulliNll(output, x);
  const error = square(sub(sigmoid(output), x));
  if (likelihood === 'mse') return error;
  const scaled = mul(error, 1 / (2 * sigma * sigma));
  return constant ? add(scaled, Math.log(sigma) + HALF_LOG_TWO_PI) : scaled;
}

/** The code that computes a described loss, including its mistakes. */
export function lossOf(given: GivenDescription): { readonly loss: Loss; readonly sample: Sample } {
  const described = completeDescription(given);
  const { reconstruction, reconstructionBatch, kl, klBatch, klWeight } = described;
  return {
    loss: (pass, x) =>
      add(
        reduced(reconstructionOf(described, pass.output, x), reconstruction, reconstructionBatch),
        mul(reduced(gaussianKl(pass.mean, pass.logvar), kl, klBatch), klWeight),
      ),
    sample: (m, logvar, epsilon) => {
      const z = described.deterministic
        ? mul(m, 1)
        : described.half
          ? reparameterize(m, logvar, epsilon)
          : add(m, mul(exp(logvar), epsilon));
      return described.detached ? stopGradient(z) : z;
    },
  };
}
