import { normal, uniform } from '../../src/tensor/create.js';
import type { DType } from '../../src/tensor/dtype.js';
import { Random } from '../../src/tensor/random/stream.js';
import type { Tensor } from '../../src/tensor/tensor.js';
import { VAE, type VAEConfig } from '../../src/vae/index.js';

export interface Subject {
  readonly vae: VAE;
  readonly x: Tensor;
  readonly epsilon: Tensor;
}

/** A model with random weights, a batch for it, and noise. */
export function subject(
  config: Partial<VAEConfig> = {},
  { seed = 0, batch = 3, dtype = 'float64' }: { seed?: number; batch?: number; dtype?: DType } = {},
): Subject {
  const random = new Random(seed);
  const vae = new VAE(
    { features: 5, hidden: [4, 3], latent: 2, activation: 'tanh', ...config },
    { stream: random.stream('init'), dtype },
  );
  return {
    vae,
    x: uniform([batch, vae.features], random.stream('data'), { dtype }),
    epsilon: normal([batch, vae.latent], random.stream('epsilon'), { dtype }),
  };
}
