import type { Dataset } from '../../../src/data/dataset.js';
import { tensorDataset } from '../../../src/data/dataset.js';
import { Random } from '../../../src/tensor/random/stream.js';
import { Tensor } from '../../../src/tensor/tensor.js';
import type { VAEConfig } from '../../../src/vae/config.js';
import { VAE } from '../../../src/vae/vae.js';

const SIDE = 8;

/** `count` pictures of 8 x 8: one bright row and one bright column on black, each at random. */
export function bars(count: number, seed = 1): Dataset {
  const places = new Random(seed).stream('data').integers(new Int32Array(2 * count), 0, SIDE);
  const data = new Float32Array(count * SIDE * SIDE);
  for (let i = 0; i < count; i++) {
    for (let at = 0; at < SIDE; at++) {
      data[i * SIDE * SIDE + places[2 * i] * SIDE + at] = 0.9;
      data[i * SIDE * SIDE + at * SIDE + places[2 * i + 1]] = 0.9;
    }
  }
  return tensorDataset(new Tensor(data, [count, SIDE * SIDE]));
}

/** A VAE for them. */
export function smallVae(
  config: Partial<VAEConfig> = {},
  seed = 1,
  dtype: 'float32' | 'float64' = 'float32',
): VAE {
  return new VAE(
    { features: SIDE * SIDE, hidden: [16], latent: 3, ...config },
    { stream: new Random(seed).stream('init'), dtype },
  );
}
