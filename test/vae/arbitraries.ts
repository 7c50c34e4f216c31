import fc from 'fast-check';
import { Random } from '../../src/tensor/random/index.js';
import type { Shape } from '../../src/tensor/shape.js';
import { Tensor } from '../../src/tensor/tensor.js';
import { completeConfig, type VAEConfig } from '../../src/vae/config.js';

export type LikelihoodChoice = Pick<VAEConfig, 'likelihood' | 'sigma' | 'learnSigma'>;

const sigmas = fc.integer({ min: 1, max: 8 }).map((n) => n / 4);

/** Every likelihood there is, with random settings. */
export const likelihoods: Readonly<Record<string, fc.Arbitrary<LikelihoodChoice>>> = {
  bernoulli: fc.constant({ likelihood: 'bernoulli', sigma: 1, learnSigma: false }),
  'gaussian, sigma fixed': sigmas.map((sigma) => ({ likelihood: 'gaussian', sigma, learnSigma: false })),
  'gaussian, sigma learned': sigmas.map((sigma) => ({ likelihood: 'gaussian', sigma, learnSigma: true })),
};

/** Small architectures with a given likelihood. */
export const architectures = (likelihood: fc.Arbitrary<LikelihoodChoice>): fc.Arbitrary<VAEConfig> =>
  fc
    .tuple(
      fc.record({
        features: fc.integer({ min: 1, max: 6 }),
        hidden: fc.array(fc.integer({ min: 1, max: 6 }), { maxLength: 2 }),
        latent: fc.integer({ min: 1, max: 4 }),
        activation: fc.constantFrom(
          'tanh',
          'relu',
          'softplus',
          'gelu',
          'elu',
          'leakyRelu',
          'sigmoid',
          'silu',
        ),
      }),
      likelihood,
    )
    .map(([architecture, choice]) => completeConfig({ ...architecture, ...choice }));

/** `count` float64 tensors of one shape [1..4, 1..4], with values from `value`. */
export const alike = (count: number, value: fc.Arbitrary<number>): fc.Arbitrary<Tensor[]> =>
  fc.tuple(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 4 })).chain(([rows, columns]) => {
    const length = rows * columns;
    const values = fc.array(value, { minLength: length, maxLength: length });
    return fc
      .array(values, { minLength: count, maxLength: count })
      .map((lists) => lists.map((list) => new Tensor(Float64Array.from(list), [rows, columns])));
  });

/** Ordinary numbers in a range. */
export const between = (min: number, max: number): fc.Arbitrary<number> =>
  fc.double({ min, max, noNaN: true });

/** Ordinary numbers, and such as overflow, vanish or have a sign of their own. */
export const extremes: fc.Arbitrary<number> = fc.oneof(
  { arbitrary: between(-6, 6), weight: 6 },
  { arbitrary: fc.constantFrom(0, -0, 1e-30, -80, 80, 170, -170, 1e4, -1e4), weight: 1 },
);

/** A float64 tensor of uniform draws. */
export const uniformTensor = (shape: Shape, seed: number, low = -1, high = 1): Tensor => {
  const t = Tensor.empty(shape, 'float64');
  new Random(seed).stream('test').uniform(t.data, low, high);
  return t;
};
