import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { take, tensorDataset } from '../../src/data/dataset.js';
import { normal } from '../../src/tensor/create.js';
import { Random } from '../../src/tensor/random/stream.js';
import { Tensor } from '../../src/tensor/tensor.js';
import { evaluate } from '../../src/vae/evaluate.js';
import { objective } from '../../src/vae/objective.js';
import { heads } from './heads.js';
import { bars, smallVae } from './training/bars.js';

const random = new Random(4);
const data = bars(37);
const all = data.batch(
  Array.from({ length: 37 }, (_, i) => i),
  'float64',
);
/** In float64, so that only the order of sums differs. */
const vae = smallVae({ likelihood: 'gaussian' }, 1, 'float64');
const epsilon = normal([37, 3], random.stream('epsilon').split('evaluate'), { dtype: 'float64' });

describe('evaluate', () => {
  it('is the objective of the whole data set as one batch', () => {
    const whole = objective(vae, all, epsilon, { beta: 0.3, freeBits: 0.02 });
    const got = evaluate(vae, data, { random, beta: 0.3, freeBits: 0.02 });
    expect(got.loss).toBeCloseTo(whole.loss.item(), 10);
    expect(got.reconstruction).toBeCloseTo(whole.reconstruction.item(), 10);
    expect(got.kl).toBeCloseTo(whole.kl.item(), 10);
    got.klPerDimension.forEach((kl, j) => {
      expect(kl).toBeCloseTo(whole.klPerDimension.data[j], 10);
    });
  });

  it('does not depend on the batch size', () => {
    const once = evaluate(vae, data, { random, binarize: true });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 40 }), (batchSize) => {
        const got = evaluate(vae, data, { random, batchSize, binarize: true });
        for (const term of ['loss', 'reconstruction', 'kl', 'elbo', 'activeUnits'] as const) {
          expect(got[term]).toBeCloseTo(once[term], 9);
        }
      }),
      { numRuns: 20 },
    );
  });

  it('weighs the short last batch by its length', () => {
    const parts = [take(data, 30), { ...data, size: 7, batch: shifted(30) }];
    const noise = (from: number, to: number) =>
      new Tensor(epsilon.data.slice(3 * from, 3 * to), [to - from, 3]);
    const [a, b] = [
      objective(vae, rowsOf(parts[0], 30), noise(0, 30)).loss.item(),
      objective(vae, rowsOf(parts[1], 7), noise(30, 37)).loss.item(),
    ];
    expect(evaluate(vae, data, { random, batchSize: 30 }).loss).toBeCloseTo((30 * a + 7 * b) / 37, 10);
  });

  it('gives the same numbers every time, other ones for another seed, and changes nothing', () => {
    const before = vae.stateDict();
    const first = evaluate(vae, data, { random });
    expect(evaluate(vae, data, { random: new Random(4) })).toEqual(first);
    expect(evaluate(vae, data, { random: new Random(5) }).loss).not.toBe(first.loss);
    expect(evaluate(vae, data, { random: new Random(5) }).kl).toBe(first.kl);
    expect(vae.stateDict()).toEqual(before);
  });

  it('always reports the ELBO at beta 1, with the constant of the likelihood', () => {
    const { elbo, reconstruction, kl } = evaluate(vae, data, { random, beta: 4, freeBits: 1 });
    // sigma^2 = 1/2: log(pi) / 2 nats a pixel.
    expect(elbo).toBeCloseTo(-(reconstruction + 64 * 0.5 * Math.log(Math.PI) + kl), 10);
    const plain = evaluate(smallVae(), data, { random });
    expect(plain.elbo).toBe(-(plain.reconstruction + plain.kl));
  });

  it('binarizes with the same draws every time', () => {
    const gray = tensorDataset(new Tensor(new Float64Array(64 * 3).fill(0.5), [3, 64]));
    const once = evaluate(vae, gray, { random, binarize: true });
    expect(evaluate(vae, gray, { random, binarize: true })).toEqual(once);
    expect(evaluate(vae, gray, { random }).reconstruction).not.toBeCloseTo(once.reconstruction, 1);
  });

  it('counts the dimensions whose posterior mean varies over the data', () => {
    const counted = (scales: readonly number[]): number => {
      const model = smallVae({ hidden: [] }, 1, 'float64');
      const weight = heads(model).mean.weight.data.fill(0);
      // Pixel 0 has a variance of 0.25 over this data, so the mean of dimension j has scale^2 / 4.
      scales.forEach((scale, j) => {
        weight[64 * j] = scale;
      });
      heads(model).mean.bias?.data.fill(1e3);
      const two = new Float64Array(128);
      two[0] = 1;
      return evaluate(model, tensorDataset(new Tensor(two, [2, 64])), { random, batchSize: 1 }).activeUnits;
    };
    expect(counted([1, 0.21, 0.19])).toBe(2);
    expect(counted([0, 0, 0])).toBe(0);
    expect(counted([-3, 2, 1])).toBe(3);
  });

  it('refuses what it cannot evaluate', () => {
    expect(() => evaluate(vae, { ...data, size: 0 }, { random })).toThrow(
      /evaluate: the data set has 0 examples; at least 1 is needed/,
    );
    expect(() => evaluate(vae, { ...data, features: 65 }, { random })).toThrow(
      /evaluate: an example has 65 numbers, but the VAE takes 64/,
    );
    for (const given of [{}, { random: 3 }]) {
      expect(() => Reflect.apply(evaluate, undefined, [vae, data, given])).toThrow(
        /evaluate: random is (undefined|a number); give the source of the noise/,
      );
    }
    expect(() => evaluate(vae, data, { random, batchSize: 0 })).toThrow(/batchSize is 0/);
    expect(() => evaluate(vae, data, { random, beta: -1 })).toThrow(/beta is -1/);
    expect(() => evaluate(vae, data, { random, freeBits: Number.NaN })).toThrow(/freeBits is NaN/);
  });
});

/** A batch function that counts examples from `start`. */
function shifted(start: number): typeof data.batch {
  return (indices, dtype) =>
    data.batch(
      Array.from(indices, (i) => i + start),
      dtype,
    );
}

const rowsOf = (dataset: typeof data, count: number): Tensor =>
  dataset.batch(
    Array.from({ length: count }, (_, i) => i),
    'float64',
  );
