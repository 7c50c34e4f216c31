import { broadcastTo, noGrad, reshape } from '../../autograd/index.js';
import type { Tensor } from '../../tensor/tensor.js';
import { withParameters } from '../../vae/with-parameters.js';
import { type EstimatorPoint, posteriorMetrics } from '../estimators/index.js';
import type { LinearGaussianVae } from './linear-gaussian.js';

/** The linear-Gaussian VAE as a point to compare estimators at; its parameters must not change in the meantime. */
export function linearGaussianPoint(model: LinearGaussianVae, x: Tensor): EstimatorPoint {
  const { mean, logvar } = noGrad(() => model.encode(x));
  const [batch, features] = x.shape;
  const { latent } = model;
  const held = new Map([...model.namedParameters()].map(([name, parameter]) => [name, parameter.detach()]));
  return {
    batch,
    latent,
    dtype: 'float64',
    mean: mean.clone(),
    logvar: logvar.clone(),
    reconstruction: (z) => {
      const n = z.shape[0] / batch;
      const rows = reshape(broadcastTo(x, { shape: [n, batch, features] }), { shape: [-1, features] });
      return withParameters(model, held, () => model.reconstruction(z, rows));
    },
    metrics: posteriorMetrics(batch, latent),
  };
}
