import { sum } from '../../autograd/index.js';
import type { Tensor } from '../../tensor/tensor.js';
import type { LatentVariableModel } from '../model.js';
import type { Labels } from '../parts/condition.js';
import { logRatio } from '../parts/elbo.js';
import type { Posterior } from '../parts/posterior.js';
import type { Prior } from '../parts/prior.js';
import { repeatedLabels, repeatedPosterior } from '../samples.js';

/** Examples, with what does not depend on the sample. */
export interface EncodedExamples {
  /** [batch, features] */
  readonly x: Tensor;
  readonly labels: Labels | undefined;
  readonly posterior: Posterior;
}

/** What one sample of z for each row says of its example, in nats. */
export interface SampledTerms {
  /** log p(x | z), with all constants: [samples * batch]. */
  readonly logLikelihood: Tensor;
  /** log q(z | x) - log p(z) as terms to be summed, [samples * batch, latent] or [samples * batch, 1]. */
  readonly ratio: Tensor;
  /** log p(x | z) + log p(z) - log q(z | x), the logarithm of the importance weight: [samples * batch]. */
  readonly logWeight: Float64Array;
}

/**
 * @param logPrior `prior.fixedLogDensity()`
 * @param epsilon [samples * batch, noise]: all examples of the first sample, then of the next
 */
export function sampledTerms(
  model: LatentVariableModel,
  logPrior: ReturnType<Prior['fixedLogDensity']>,
  { x, labels, posterior }: EncodedExamples,
  epsilon: Tensor,
): SampledTerms {
  const { posterior: family, likelihood } = model;
  const [batch] = x.shape;
  const samples = epsilon.shape[0] / batch;
  const all = repeatedLabels(labels, samples);
  const q = repeatedPosterior(posterior, samples);
  const z = family.sample(q, epsilon, false);
  const logLikelihood = likelihood.logDensity(model.decode(z, all), x);
  const ratio = logRatio(family.logDensity(q, z), logPrior(z, all));
  const whole = sum(ratio, { axes: -1 }).data;
  return {
    logLikelihood,
    ratio,
    logWeight: Float64Array.from(logLikelihood.data, (log, row) => log - whole[row]),
  };
}
