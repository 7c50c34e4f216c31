import { Random } from '../autograd/ops/random.js';
import type { DType } from '../tensor/dtype.js';
import { VAE } from '../vae/vae.js';

/**
 * The same model in a dtype of its own: float64 for checking what a float32 model does, at the values it has now.
 * Nothing is shared with the original.
 */
export function copyModel(vae: VAE, dtype: DType = vae.dtype): VAE {
  // The drawn weights are replaced at once; the seed does not matter.
  const copy = new VAE(vae.config, { stream: new Random(0).stream('init'), dtype });
  copy.loadStateDict(vae.stateDict());
  return copy;
}
