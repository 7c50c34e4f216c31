import { Random } from '../../../src/tensor/random/index.js';
import type { Tensor } from '../../../src/tensor/tensor.js';
import type { VAEConfig } from '../../../src/vae/config.js';
import { VAE } from '../../../src/vae/vae.js';
import { uniformTensor } from '../../vae/arbitraries.js';

/** A VAE in float64 small enough for a thousand draws in a blink, and its batch. */
export function tinyVae(config: Partial<VAEConfig> = {}, batch = 3, seed = 0): { vae: VAE; x: Tensor } {
  const whole = { features: 6, hidden: [5], latent: 2, activation: 'tanh', ...config } as const;
  const vae = new VAE(whole, { stream: new Random(seed).stream('init'), dtype: 'float64' });
  return { vae, x: uniformTensor([batch, whole.features], seed + 1, 0, 1) };
}
