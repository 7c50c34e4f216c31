import { add, mul, stopGradient, sub, sum } from '../../autograd/index.js';
import type { Tensor } from '../../tensor/tensor.js';
import { gaussianKl } from '../../vae/kl.js';
import { reparameterize } from '../../vae/reparameterize.js';
import { checkEstimatorName, type EstimatorName, type EstimatorWords, estimatorWords } from './names.js';
import { logNormal, logStandardNormal } from './terms.js';

/** One draw of epsilon for each row, and what an estimator may use. */
export interface Draw {
  /** [rows, latent], to differentiate by; so is logvar. */
  readonly mean: Tensor;
  readonly logvar: Tensor;
  /** [rows, latent], standard normal. */
  readonly epsilon: Tensor;
  /** Weight of the KL. */
  readonly beta: number;
  /** -log p(x | z) of each row, without the likelihood's constant: [rows] from [rows, latent]. */
  readonly reconstruction: (z: Tensor) => Tensor;
  /** [rows], independent of epsilon: approximately the mean loss of that row's example. */
  readonly baseline: Tensor;
}

/**
 * An estimator of the gradient of reconstruction + beta * KL by mean and logvar, as the function whose gradient it is.
 */
export interface Estimator extends EstimatorWords {
  /** For options and addresses: 'pathwise'. */
  readonly name: string;
  /** Whether it needs the decoder's gradient by z. */
  readonly differentiatesDecoder: boolean;
  /** One number for each row: the gradient of their sum by mean and logvar is the estimate for each row. The values mean nothing. */
  readonly surrogate: (draw: Draw) => Tensor;
}

const sample = ({ mean, logvar, epsilon }: Draw): Tensor => reparameterize(mean, logvar, epsilon);

/** beta (log q - log p) at z: the integrand of the KL. */
const weightedLogRatio = (z: Tensor, logq: Tensor, beta: number): Tensor =>
  mul(sub(logq, logStandardNormal(z)), beta);

/** The integrand over q, as a constant, times the gradient of log q. */
function scoreFunction(draw: Draw, baseline: Tensor | number): Tensor {
  const { mean, logvar, beta, reconstruction } = draw;
  const z = stopGradient(sample(draw));
  const logq = logNormal(z, mean, logvar);
  const loss = add(reconstruction(z), weightedLogRatio(z, logq, beta));
  return mul(stopGradient(sub(loss, baseline)), logq);
}

const estimator = (
  name: EstimatorName,
  differentiatesDecoder: boolean,
  surrogate: Estimator['surrogate'],
): Estimator => ({ name, ...estimatorWords[name], differentiatesDecoder, surrogate });

/** The estimators, by name. All have the same mean: the gradient of the negative ELBO (with its KL weighted by beta). */
export const estimators: Readonly<Record<EstimatorName, Estimator>> = {
  pathwise: estimator('pathwise', true, (draw) => {
    const kl = sum(gaussianKl(draw.mean, draw.logvar), { axes: 1 });
    return add(draw.reconstruction(sample(draw)), mul(kl, draw.beta));
  }),
  'pathwise-mc': estimator('pathwise-mc', true, (draw) => {
    const z = sample(draw);
    const logq = logNormal(z, draw.mean, draw.logvar);
    return add(draw.reconstruction(z), weightedLogRatio(z, logq, draw.beta));
  }),
  sticking: estimator('sticking', true, (draw) => {
    const z = sample(draw);
    const logq = logNormal(z, stopGradient(draw.mean), stopGradient(draw.logvar));
    return add(draw.reconstruction(z), weightedLogRatio(z, logq, draw.beta));
  }),
  score: estimator('score', false, (draw) => scoreFunction(draw, 0)),
  'score-baseline': estimator('score-baseline', false, (draw) => scoreFunction(draw, draw.baseline)),
};

/** The estimator of this name. @throws RangeError listing the names when there is none. */
export const estimatorNamed = (name: string): Estimator => estimators[checkEstimatorName(name)];
