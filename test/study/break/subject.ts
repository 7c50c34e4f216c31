import { tensorDataset } from '../../../src/data/dataset.js';
import type { BreakSubject } from '../../../src/study/break/index.js';
import { normal } from '../../../src/tensor/create.js';
import { Random } from '../../../src/tensor/random/index.js';
import { Tensor } from '../../../src/tensor/tensor.js';
import type { VAEConfig } from '../../../src/vae/config.js';
import { VAE } from '../../../src/vae/vae.js';

export const FEATURES = 12;

/** Examples that two numbers decide: waves of a random phase and height, from 0 to 1. */
function waves(count: number, seed: number): Tensor {
  const draws = new Random(seed).stream('waves').uniform(new Float64Array(2 * count));
  const data = Float32Array.from({ length: count * FEATURES }, (_, i) => {
    const row = Math.floor(i / FEATURES);
    const phase = 2 * Math.PI * (draws[2 * row] + (i % FEATURES) / FEATURES);
    return 0.5 + 0.45 * draws[2 * row + 1] * Math.sin(phase);
  });
  return new Tensor(data, [count, FEATURES]);
}

/** A small model with data that it can learn in a hundred steps. */
export function smallSubject(
  config: Partial<VAEConfig> = {},
  seed = 0,
): BreakSubject & { readonly vae: VAE } {
  const random = new Random(seed);
  const vae = new VAE(
    {
      features: FEATURES,
      hidden: [16],
      latent: 2,
      activation: 'tanh',
      likelihood: 'gaussian',
      sigma: 0.1,
      ...config,
    },
    { stream: random.stream('init') },
  );
  const train = tensorDataset(waves(256, seed));
  return {
    vae,
    x: train.batch([0, 1, 2, 3, 4, 5], 'float32'),
    epsilon: normal([6, vae.latent], random.stream('epsilon')),
    train,
    test: tensorDataset(waves(64, seed + 1)),
  };
}
