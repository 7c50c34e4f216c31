import fc from 'fast-check';
import { LinearGaussianVae } from '../../../src/study/sandbox/index.js';
import { Random } from '../../../src/tensor/random/index.js';
import type { Tensor } from '../../../src/tensor/tensor.js';

/** A linear-Gaussian VAE, and examples of another one. */
export function sandbox({
  features = 5,
  latent = 2,
  batch = 4,
  seed = 0,
  orthogonal = false,
  sigma = 0.5,
} = {}): { model: LinearGaussianVae; x: Tensor } {
  const random = new Random(seed);
  const size = { features, latent, sigma };
  const model = new LinearGaussianVae({ ...size, orthogonal, stream: random.stream('init') });
  const other = new LinearGaussianVae({ ...size, stream: random.stream('other') });
  return { model, x: other.sample(batch, random.stream('data')) };
}

/** Of any small size. */
export const sandboxes = (orthogonal: boolean) =>
  fc
    .record({
      latent: fc.integer({ min: 1, max: 3 }),
      more: fc.integer({ min: 0, max: 3 }),
      batch: fc.integer({ min: 1, max: 3 }),
      seed: fc.nat(10_000),
      sigma: fc.constantFrom(0.2, 0.5, 1, 2),
    })
    .map(({ latent, more, ...rest }) => sandbox({ ...rest, latent, features: latent + more, orthogonal }));
