import { afterEach, describe, expect, it, vi } from 'vitest';
import { backward } from '../../src/autograd/backward.js';
import { drawGlyphs, imageDataset } from '../../src/data/index.js';
import { backend, normal, Random, setBackend, type Tensor } from '../../src/index.js';
import { Adam } from '../../src/nn/optim/adam.js';
import { objective } from '../../src/vae/objective.js';
import { VAE } from '../../src/vae/vae.js';
import { expectSameBits } from './wasm/bits.js';

afterEach(() => setBackend('simd'));

/** Parameters after some steps of a small VAE, large enough that every emitted kernel takes part. */
function trained(likelihood: 'bernoulli' | 'gaussian', steps: number): Tensor[] {
  const random = new Random(5);
  const data = imageDataset(drawGlyphs({ count: 24, seed: 1 }));
  const vae = new VAE(
    { features: 784, hidden: [40, 24], latent: 5, likelihood, activation: 'tanh' },
    { stream: random.stream('init') },
  );
  const adam = new Adam(vae.namedParameters(), { learningRate: 1e-2 });
  const noise = random.stream('epsilon');
  for (let step = 0; step < steps; step++) {
    const x = data.batch(
      Array.from({ length: 20 }, (_, i) => (i + step) % 24),
      'float32',
    );
    adam.step(backward(objective(vae, x, normal([20, 5], noise)).loss));
  }
  return [...vae.namedParameters().values()].map((t) => t.clone());
}

describe('backends', () => {
  it('can be chosen, and an unknown one is refused', () => {
    setBackend('plain');
    expect(backend().name).toBe('plain');
    setBackend('simd');
    expect(backend().name).toBe('simd');
    expect(() => setBackend(JSON.parse('"gpu"'))).toThrow(
      "there is no backend 'gpu'; there are 'simd' and 'plain'",
    );
  });

  it('refuses an unknown name from the environment too', async () => {
    vi.stubEnv('PATHWISE_BACKEND', 'plian');
    vi.resetModules();
    const fresh = await import('../../src/device/current.js');
    expect(() => fresh.backend()).toThrow("PATHWISE_BACKEND: there is no backend 'plian'");
    vi.unstubAllEnvs();
  });

  it.each(['bernoulli', 'gaussian'] as const)('train a %s VAE to the same bits', (likelihood) => {
    setBackend('simd');
    const fast = trained(likelihood, 25);
    setBackend('plain');
    const plain = trained(likelihood, 25);
    fast.forEach((t, i) => {
      expectSameBits(t.data, plain[i].data);
    });
    expect(fast[0].data.some((x) => x !== 0)).toBe(true);
  });
});
