import { Random } from '../autograd/ops/random.js';
import type { DType } from '../tensor/dtype.js';
import { VAE } from '../vae/vae.js';

/**
 * A copy of a model at its current values, in another dtype if given: float64 to check what a float32 model does.
 * It shares nothing with the original.
 */
export function copyModel(vae: VAE, dtype: DType = vae.dtype): VAE {
  // The drawn weights are replaced at once, so the seed does not matter.
  const copy = new VAE(vae.spec, { stream: new Random(0).stream('init'), dtype });
  copy.loadStateDict(vae.stateDict());
  return copy;
}
