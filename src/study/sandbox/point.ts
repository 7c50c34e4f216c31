import { noGrad } from '../../autograd/index.js';
import type { Tensor } from '../../tensor/tensor.js';
import { repeatedRows } from '../../vae/samples.js';
import { type EstimatorPoint, posteriorMetrics } from '../estimators/index.js';
import { held } from '../held.js';
import type { LinearGaussianVae } from './linear-gaussian.js';

/** The linear-Gaussian VAE as a point to compare estimators at; its parameters must not change in the meantime. */
export function linearGaussianPoint(model: LinearGaussianVae, x: Tensor): EstimatorPoint {
  const { mean, logvar } = noGrad(() => model.encode(x));
  const [batch] = x.shape;
  const { latent } = model;
  return {
    batch,
    latent,
    dtype: 'float64',
    mean: mean.clone(),
    logvar: logvar.clone(),
    reconstruction: held(model, (z) => model.reconstruction(z, repeatedRows(x, z.shape[0] / batch))),
    metrics: posteriorMetrics(batch, latent),
  };
}
