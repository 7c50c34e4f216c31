import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { backward, concat, variable } from '../../src/autograd/index.js';
import { squaredError, squaredErrorWithLogits } from '../../src/nn/index.js';
import { full, tensor, zeros } from '../../src/tensor/create.js';
import { Random } from '../../src/tensor/random/index.js';
import { Tensor } from '../../src/tensor/tensor.js';
import {
  Bernoulli,
  entropyFloor,
  Gaussian,
  type GaussianOptions,
  type Likelihood,
} from '../../src/vae/index.js';
import { alike, between, uniformTensor } from './arbitraries.js';

const float64 = { dtype: 'float64' } as const;
const dtypes = ['float32', 'float64'] as const;
const logit = (p: number) => Math.log(p / (1 - p));
const unit = (t: Tensor): Tensor =>
  new Tensor(
    t.data.map((v) => Math.abs(v) % 1),
    t.shape,
  );

const all: [string, () => Likelihood][] = [
  ['Bernoulli', () => new Bernoulli()],
  ['Gaussian', () => new Gaussian({ sigma: 0.3, ...float64 })],
  ['Gaussian, learned', () => new Gaussian({ sigma: 0.3, scale: 'learned', ...float64 })],
];

describe.each(all)('%s', (_, make) => {
  it('sums over features and averages over the batch', () => {
    const likelihood = make();
    fc.assert(
      fc.property(alike(4, between(-3, 3)), ([o1, o2, t1, t2]) => {
        const [x1, x2] = [unit(t1), unit(t2)];
        const first = likelihood.reconstruction(o1, x1).item();
        const second = likelihood.reconstruction(o2, x2).item();
        const near = (got: Tensor, expected: number) =>
          expect(Math.abs(got.item() - expected)).toBeLessThan(1e-11 * (1 + Math.abs(expected)));
        const wide = { axis: 1 };
        near(likelihood.reconstruction(concat([o1, o2], wide), concat([x1, x2], wide)), first + second);
        near(likelihood.reconstruction(concat([o1, o1]), concat([x1, x1])), first);
        near(likelihood.reconstruction(concat([o1, o2]), concat([x1, x2])), (first + second) / 2);
      }),
    );
  });

  it('shows its mean in 0..1', () => {
    const mean = make().mean(tensor([[-1e30, -2, 0, 2, 1e30]], float64));
    expect(mean.at(0, 0)).toBe(0);
    expect(mean.at(0, 2)).toBe(0.5);
    expect(mean.at(0, 4)).toBe(1);
    expect(mean.at(0, 1) + mean.at(0, 3)).toBeCloseTo(1, 14);
  });

  it('refuses data of another shape', () => {
    expect(() => make().reconstruction(zeros([2, 3], float64), zeros([2, 4], float64))).toThrow(
      /likelihood: the decoder's output \[2, 3\] and the data \[2, 4\] must both be \[batch, features\]/,
    );
    for (const [output, x] of [
      [[3], [3]],
      [
        [2, 3],
        [2, 3, 1],
      ],
      [
        [2, 3, 1],
        [2, 3],
      ],
      [
        [1, 3],
        [2, 3],
      ],
    ]) {
      expect(() => make().reconstruction(zeros(output, float64), zeros(x, float64))).toThrow('must both be');
    }
  });
});

describe('Bernoulli', () => {
  it.each(dtypes)('is stable at logits of 1e30 and exact targets, values and gradients, in %s', (dtype) => {
    const likelihood = new Bernoulli();
    const at = (l: number, t: number) => {
      const logits = variable(tensor([[l]], { dtype }));
      const loss = likelihood.reconstruction(logits, tensor([[t]], { dtype }));
      return [loss.item(), backward(loss).get(logits).item()];
    };
    const huge = tensor(1e30, { dtype }).item();
    expect(at(1e30, 1)).toEqual([0, 0]);
    expect(at(1e30, 0)).toEqual([huge, 1]);
    expect(at(-1e30, 0)).toEqual([0, 0]);
    expect(at(-1e30, 1)).toEqual([huge, -1]);
    expect(at(0, 1)[0]).toBeCloseTo(Math.LN2, 6);
  });

  it('is -log p(x) from logits, without a constant', () => {
    const likelihood = new Bernoulli();
    const output = tensor([[logit(0.9), logit(0.2)]], float64);
    const loss = likelihood.reconstruction(output, tensor([[1, 0]], float64)).item();
    expect(loss).toBeCloseTo(-Math.log(0.9) - Math.log(0.8), 14);
    expect(likelihood.constant(784)).toBe(0);
    expect([likelihood.name, likelihood.term]).toEqual(['bernoulli', 'cross-entropy']);
  });

  it('refuses bytes', () => {
    const bytes = tensor([[255, 0]], float64);
    expect(() => new Bernoulli().reconstruction(zeros([1, 2], float64), bytes)).toThrow('divide by 255');
  });
});

describe('entropyFloor', () => {
  it('is reached by predicting the data, and by nothing else passed', () => {
    const likelihood = new Bernoulli();
    fc.assert(
      fc.property(alike(2, between(0.01, 0.99)), ([x, other]) => {
        const floor = entropyFloor(x);
        const best = new Tensor(x.data.map(logit), x.shape);
        expect(likelihood.reconstruction(best, x).item()).toBeCloseTo(floor, 10);
        const worse = new Tensor(other.data.map(logit), x.shape);
        expect(likelihood.reconstruction(worse, x).item()).toBeGreaterThanOrEqual(floor - 1e-10);
      }),
    );
  });

  it('is reached by the best constant prediction on data that is the same everywhere', () => {
    const x = full([3, 4], 0.3, float64);
    const loss = (p: number) => new Bernoulli().reconstruction(full([3, 4], logit(p), float64), x).item();
    expect(loss(0.3)).toBeCloseTo(entropyFloor(x), 12);
    for (const p of [0.1, 0.29, 0.31, 0.5]) expect(loss(p)).toBeGreaterThan(entropyFloor(x) + 1e-4);
  });

  it('is 0 for binary data, and needs an example', () => {
    expect(
      entropyFloor(
        tensor([
          [0, 1, 1],
          [1, 0, 0],
        ]),
      ),
    ).toBe(0);
    expect(
      entropyFloor(
        tensor([
          [0.5, 1],
          [0, 0],
        ]),
      ),
    ).toBeCloseTo(Math.LN2 / 2, 12);
    expect(() => entropyFloor(zeros([0, 3]))).toThrow('but got [0, 3]');
    expect(() => entropyFloor(tensor(0.5))).toThrow('but got []');
  });
});

describe('Gaussian', () => {
  const output = uniformTensor([3, 5], 4, -2, 2);
  const x = uniformTensor([3, 5], 5, 0, 1);

  it('with sigma^2 = 1/2 is the squared error, and leaves out log(pi) / 2 a pixel', () => {
    const likelihood = new Gaussian({ sigma: Math.SQRT1_2, ...float64 });
    const error = squaredError(likelihood.mean(output), x).item();
    expect(likelihood.reconstruction(output, x).item()).toBeCloseTo(error, 13);
    // One multiplication in all, not one for each value.
    const wide = new Gaussian({ sigma: 0.3, ...float64 });
    const weighted = squaredErrorWithLogits(output, x).item() * (1 / (2 * 0.3 * 0.3));
    expect(wide.reconstruction(output, x).item()).toBe(weighted);
    expect(likelihood.constant(784)).toBeCloseTo((784 * Math.log(Math.PI)) / 2, 10);
    expect(likelihood.term).toBe('squared error');
    expect(likelihood.logsigma).toBeNull();
    expect(likelihood.parameterCount).toBe(0);
  });

  it('with its constant is -log N(x; mean, sigma^2), learned or not', () => {
    const sigma = 0.37;
    const fixed = new Gaussian({ sigma, ...float64 });
    const learned = new Gaussian({ sigma, scale: 'learned', ...float64 });
    const mean = fixed.mean(output);
    let density = 0;
    x.data.forEach((v, i) => {
      const normalizer = sigma * Math.sqrt(2 * Math.PI);
      density -= Math.log(Math.exp(-((v - mean.data[i]) ** 2) / (2 * sigma ** 2)) / normalizer) / 3;
    });
    expect(fixed.reconstruction(output, x).item() + fixed.constant(5)).toBeCloseTo(density, 11);
    expect(learned.reconstruction(output, x).item() + learned.constant(5)).toBeCloseTo(density, 11);
    expect(learned.constant(5)).toBe(0);
    expect(learned.sigma).toBeCloseTo(sigma, 14);
  });

  it('has the sigma that was learned so far, not the one that it started from', () => {
    const learned = new Gaussian({ sigma: 0.37, scale: 'learned', ...float64 });
    learned.loadStateDict(new Map([['logsigma', tensor(Math.log(2), float64)]]));
    expect(learned.sigma).toBeCloseTo(2, 14);
    const drawn = learned.sample(zeros([1, 10_000], float64), new Random(1).stream('values')).data;
    expect(
      Math.sqrt(Array.from(drawn).reduce((sum, v) => sum + (v - 0.5) ** 2, 0) / drawn.length),
    ).toBeCloseTo(2, 1);
  });

  it('has no one sigma where the decoder gives each value its own', () => {
    expect(new Gaussian({ sigma: 0.3, scale: 'decoder' }).sigma).toBeNaN();
    expect(new Gaussian({ sigma: 0.3 }).sigma).toBe(0.3);
  });

  it('prints what its mean and sigma are made from', () => {
    expect(`${new Gaussian({ sigma: 0.3 })}`).toBe('Gaussian(mean=sigmoid, sigma=0.3)');
    expect(`${new Gaussian({ mean: 'identity', scale: 'learned' })}`).toBe(
      'Gaussian(mean=identity, sigma=learned)',
    );
  });

  it('calls its term a squared error only where sigma is fixed, with its weight unless that is 1', () => {
    const term = (given: GaussianOptions): string => new Gaussian(given).term;
    expect(term({})).toBe('squared error');
    for (const sigma of [0.1, 0.7, 0.71, 1]) expect(term({ sigma })).toBe('squared error / (2 sigma^2)');
    for (const scale of ['learned', 'decoder'] as const)
      expect(term({ scale })).toBe('negative log-likelihood');
  });

  it('learns the root mean squared error as its sigma', () => {
    const rms = Math.sqrt(squaredError(new Gaussian({ sigma: 1, ...float64 }).mean(output), x).item() / 5);
    const at = (sigma: number) => {
      const likelihood = new Gaussian({ sigma, scale: 'learned', ...float64 });
      const loss = likelihood.reconstruction(output, x);
      return {
        loss: loss.item(),
        slope: backward(loss)
          .get(likelihood.logsigma ?? expect.unreachable())
          .item(),
      };
    };
    const best = at(rms);
    expect(Math.abs(best.slope)).toBeLessThan(1e-12);
    for (const factor of [0.5, 0.9, 1.1, 2]) {
      expect(at(rms * factor).loss).toBeGreaterThan(best.loss);
      expect(Math.sign(at(rms * factor).slope)).toBe(Math.sign(factor - 1));
    }
  });

  it.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY])('refuses a sigma of %d', (sigma) => {
    expect(() => new Gaussian({ sigma })).toThrow(`sigma is ${sigma}`);
  });
});
