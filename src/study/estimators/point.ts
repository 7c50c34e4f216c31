import { noGrad } from '../../autograd/index.js';
import type { DType } from '../../tensor/dtype.js';
import { ShapeError } from '../../tensor/errors.js';
import { formatShape } from '../../tensor/shape.js';
import type { Tensor } from '../../tensor/tensor.js';
import type { LatentVariableModel } from '../../vae/model.js';
import { repeatedRows } from '../../vae/samples.js';
import { held } from '../held.js';
import { encoderMetrics } from './gram.js';
import { type Metric, PartMetric } from './metric.js';

/** The point at which estimators are compared: everything but epsilon is fixed. */
export interface EstimatorPoint {
  readonly batch: number;
  readonly latent: number;
  readonly dtype: DType;
  /** [batch, latent], plain data; so is logvar. */
  readonly mean: Tensor;
  readonly logvar: Tensor;
  /**
   * -log p(x | z) of each row, without the likelihood's constant: [n * batch] from z of shape [n * batch, latent], whose rows
   * are the batch, n times over. Differentiable by z; the decoder's parameters are held.
   */
  readonly reconstruction: (z: Tensor) => Tensor;
  /** Groups of parameters to compare gradients in. */
  readonly metrics: readonly Metric[];
}

/** Limit of 2 * batch * latent, beyond which Gram matrices take too much memory and time. */
const MAX_ROWS = 2048;

/** Maximum number of examples whose gradients can be compared, given the number of latent dimensions. */
export const maxExamples = (latent: number): number => Math.max(1, Math.floor(MAX_ROWS / (2 * latent)));

/** The gradients by mean and by logvar, groups that every point has. */
export const posteriorMetrics = (batch: number, latent: number): Metric[] => [
  new PartMetric('mean', 0, batch * latent),
  new PartMetric('logvar', batch * latent, batch * latent),
];

/**
 * A VAE and a batch as a fixed point. The model is copied, so training may continue.
 * @param x [batch, features]
 * @throws ShapeError when x does not fit the model; RangeError when there are more examples than {@link maxExamples}.
 */
export function vaePoint(vae: LatentVariableModel, x: Tensor): EstimatorPoint {
  const { latent, features } = vae;
  if (x.rank !== 2 || x.shape[0] === 0 || x.shape[1] !== features) {
    throw new ShapeError(`vaePoint: x is ${formatShape(x.shape)}; it must be [batch, ${features}]`);
  }
  const [batch] = x.shape;
  if (batch > maxExamples(latent)) {
    throw new RangeError(
      `vaePoint: ${batch} examples with ${latent} latent dimensions are too many to compare; give at most ${maxExamples(latent)}`,
    );
  }
  const model = vae.copy().eval();
  const data = x.detach().clone();
  const { mean, logvar } = noGrad(() => model.encode(data));
  return {
    batch,
    latent,
    dtype: vae.dtype,
    mean: mean.clone(),
    logvar: logvar.clone(),
    reconstruction: held(model, (z) =>
      model.likelihood.perExample(model.decode(z), repeatedRows(data, z.shape[0] / batch)),
    ),
    metrics: [...posteriorMetrics(batch, latent), ...encoderMetrics(model, data)],
  };
}
