import { DiagonalGaussian, type VAE } from '../../src/vae.js';

/** The two layers of a VAE's diagonal Gaussian posterior. */
export function heads({ posterior }: VAE): DiagonalGaussian {
  if (posterior instanceof DiagonalGaussian) return posterior;
  throw new Error(`the posterior is '${posterior.name}', not the diagonal Gaussian`);
}
