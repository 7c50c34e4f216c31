import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { backward } from '../../src/autograd/backward.js';
import { sigmoid } from '../../src/autograd/ops/index.js';
import { variable } from '../../src/autograd/variable.js';
import {
  bernoulliNll,
  binaryCrossEntropyWithLogits,
  gaussianNll,
  squaredError,
  squaredErrorWithLogits,
  sumPerExample,
} from '../../src/nn/index.js';
import { full, tensor } from '../../src/tensor/create.js';
import type { DType } from '../../src/tensor/dtype.js';
import { Tensor } from '../../src/tensor/tensor.js';

const f64 = { dtype: 'float64' } as const;
const number = (min: number, max: number) => fc.double({ min, max, noNaN: true });

/** Tensors of one random shape [batch, ...] with values from the given ranges. */
function batches(...ranges: readonly (readonly [number, number])[]): fc.Arbitrary<Tensor[]> {
  return fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 3 }).chain((shape) => {
    const size = shape.reduce((product, n) => product * n, 1);
    const values = ranges.map(([low, high]) =>
      fc.array(number(low, high), { minLength: size, maxLength: size }),
    );
    return fc.tuple(...values).map((all) => all.map((v) => new Tensor(Float64Array.from(v), shape)));
  });
}

/** The mean over the batch of the sum over everything else, in plain loops. */
function reduced(shape: readonly number[], term: (i: number) => number): number {
  const size = shape.reduce((product, n) => product * n, 1);
  let total = 0;
  for (let i = 0; i < size; i++) total += term(i);
  return total / shape[0];
}

const close = (a: number, b: number, tolerance = 1e-12): void =>
  expect(Math.abs(a - b)).toBeLessThanOrEqual(tolerance * Math.max(1, Math.abs(b)));

describe('bernoulliNll', () => {
  it('is softplus(l) - l x where that formula is exact enough', () => {
    fc.assert(
      fc.property(batches([-15, 15], [0, 1]), ([l, x]) => {
        const y = bernoulliNll(l, x);
        for (let i = 0; i < y.size; i++) {
          close(y.data[i], Math.log1p(Math.exp(l.data[i])) - l.data[i] * x.data[i], 1e-13);
        }
      }),
    );
  });

  const extremes: [DType, number][] = [
    ['float32', 1e30],
    ['float32', 3e38],
    ['float64', 1e30],
    ['float64', 1e300],
  ];
  it.each(extremes)('%s: is exact at +-%d', (dtype, huge) => {
    const l = tensor([huge, huge, -huge, -huge, 0], { dtype });
    const x = tensor([1, 0, 0, 1, 0.25], { dtype });
    const big = dtype === 'float32' ? Math.fround(huge) : huge;
    const half = dtype === 'float32' ? Math.fround(Math.LN2) : Math.LN2;
    expect([...bernoulliNll(l, x).data]).toEqual([0, big, 0, big, half]);
    const logits = variable(l);
    const g = backward(bernoulliNll(logits, x), { cotangent: full([5], 1, { dtype }) }).get(logits);
    expect([...g.data]).toEqual([0, 1, 0, -1, 0.25]);
  });

  it('keeps small losses: no cancellation near certainty', () => {
    const nll = bernoulliNll(tensor([20, -20]), tensor([1, 0]));
    for (const value of nll.data) expect(Math.abs(value / Math.log1p(Math.exp(-20)) - 1)).toBeLessThan(1e-6);
  });

  it('is never negative and never infinite for finite logits', () => {
    const logit = fc.float({
      noNaN: true,
      noDefaultInfinity: true,
      max: Math.fround(3e38),
      min: Math.fround(-3e38),
    });
    fc.assert(
      fc.property(logit, fc.float({ min: 0, max: 1, noNaN: true }), (l, x) => {
        const y = bernoulliNll(tensor(l), tensor(x)).item();
        expect(y).toBeGreaterThanOrEqual(0);
        expect(y).toBeLessThan(Number.POSITIVE_INFINITY);
      }),
    );
  });

  it('takes one shape only', () => {
    expect(() => bernoulliNll(tensor([1, 2]), tensor([1]))).toThrow(
      'bernoulliNll: logits [2] and targets [1] must have the same shape; nothing is broadcast',
    );
  });
});

describe('sumPerExample', () => {
  it('sums over all dimensions but the first', () => {
    expect(
      sumPerExample(
        tensor([
          [
            [1, 2],
            [3, 4],
          ],
          [
            [5, 6],
            [7, 8],
          ],
        ]),
      ).toArray(),
    ).toEqual([10, 26]);
    expect(sumPerExample(tensor([1, 2])).toArray()).toEqual([1, 2]);
  });

  it('needs a batch with something in it', () => {
    expect(() => sumPerExample(tensor(1))).toThrow(
      'needs [batch, ...] with at least one example, but got []',
    );
    expect(() => sumPerExample(full([0, 3], 1))).toThrow('but got [0, 3]');
  });
});

describe('binaryCrossEntropyWithLogits', () => {
  it('is the cross-entropy in nats: summed over dimensions, averaged over the batch', () => {
    fc.assert(
      fc.property(batches([-8, 8], [0, 1]), ([l, x]) => {
        const p = (i: number) => 1 / (1 + Math.exp(-l.data[i]));
        const term = (i: number) => -x.data[i] * Math.log(p(i)) - (1 - x.data[i]) * Math.log(1 - p(i));
        close(binaryCrossEntropyWithLogits(l, x).item(), reduced(l.shape, term), 1e-11);
      }),
    );
  });

  it('has the gradient (sigmoid(l) - x) / batch', () => {
    fc.assert(
      fc.property(batches([-8, 8], [0, 1]), ([l, x]) => {
        const logits = variable(l);
        const g = backward(binaryCrossEntropyWithLogits(logits, x)).get(logits);
        for (let i = 0; i < g.size; i++) {
          close(g.data[i], (1 / (1 + Math.exp(-l.data[i])) - x.data[i]) / l.shape[0]);
        }
      }),
    );
  });

  it('refuses targets outside [0, 1] and shapes that differ', () => {
    const logits = tensor([[0, 0, 0]]);
    for (const bad of [255, -0.1, Number.NaN]) {
      expect(() => binaryCrossEntropyWithLogits(logits, tensor([[0, bad, 1]], f64))).toThrow(RangeError);
    }
    expect(() => binaryCrossEntropyWithLogits(logits, tensor([[1, 0, 128]]))).toThrow(
      'targets must be from 0 to 1, but element 2 of [1, 3] is 128; scale the data first (bytes: divide by 255)',
    );
    expect(() => binaryCrossEntropyWithLogits(logits, tensor([0, 1, 0]))).toThrow(
      'binaryCrossEntropyWithLogits: logits [1, 3] and targets [3] must have the same shape',
    );
  });
});

describe('squaredError', () => {
  it('is the sum of squares per example, with gradient 2 (p - t) / batch', () => {
    fc.assert(
      fc.property(batches([-5, 5], [-5, 5]), ([p, t]) => {
        const prediction = variable(p);
        const loss = squaredError(prediction, t);
        close(
          loss.item(),
          reduced(p.shape, (i) => (p.data[i] - t.data[i]) ** 2),
        );
        const g = backward(loss).get(prediction);
        for (let i = 0; i < g.size; i++) close(g.data[i], (2 * (p.data[i] - t.data[i])) / p.shape[0]);
      }),
    );
  });

  it('does not broadcast', () => {
    expect(() => squaredError(tensor([[1], [2]]), tensor([1, 2]))).toThrow(
      'squaredError: prediction [2, 1] and target [2] must have the same shape; nothing is broadcast',
    );
  });
});

describe('squaredErrorWithLogits', () => {
  it('is the squared error of the sigmoid, bits and all, and does not broadcast', () => {
    const [logits, target] = [tensor([[-2, 0.5, 30]]), tensor([[0.25, 1, 0]])];
    const expected = squaredError(sigmoid(logits), target).item();
    expect(squaredErrorWithLogits(logits, target).item()).toBe(expected);
    expect(() => squaredErrorWithLogits(logits, tensor([0, 0, 0]))).toThrow(
      'squaredErrorWithLogits: logits [1, 3] and target [3] must have the same shape; nothing is broadcast',
    );
  });
});

describe('gaussianNll', () => {
  const density = (x: number, mean: number, variance: number) =>
    Math.exp(-((x - mean) ** 2) / (2 * variance)) / Math.sqrt(2 * Math.PI * variance);

  it('is minus the logarithm of the density, from logvar, sigma, or one number', () => {
    fc.assert(
      fc.property(batches([-3, 3], [-3, 3], [-2, 2]), number(0.3, 3), ([x, mean, logvar], sigma) => {
        const term = (i: number) => -Math.log(density(x.data[i], mean.data[i], Math.exp(logvar.data[i])));
        const sigmas = new Tensor(
          Float64Array.from(logvar.data, (v) => Math.exp(v / 2)),
          logvar.shape,
        );
        close(gaussianNll(x, mean, { logvar }).item(), reduced(x.shape, term), 1e-11);
        close(gaussianNll(x, mean, { sigma: sigmas }).item(), reduced(x.shape, term), 1e-11);
        const shared = reduced(x.shape, (i) => -Math.log(density(x.data[i], mean.data[i], sigma ** 2)));
        close(gaussianNll(x, mean, { sigma }).item(), shared, 1e-11);
        close(gaussianNll(x, mean, { sigma: tensor(sigma, f64) }).item(), shared, 1e-11);
        close(gaussianNll(x, mean, { logvar: 2 * Math.log(sigma) }).item(), shared, 1e-11);
      }),
    );
  });

  it('at sigma^2 = 1/2 is the squared error plus a constant', () => {
    fc.assert(
      fc.property(batches([-3, 3], [-3, 3]), ([x, mean]) => {
        const constant = (x.size / x.shape[0]) * 0.5 * Math.log(Math.PI);
        close(
          gaussianNll(x, mean, { sigma: Math.SQRT1_2 }).item(),
          squaredError(mean, x).item() + constant,
          1e-11,
        );
      }),
    );
  });

  it('has the closed-form gradients, a shared sigma included', () => {
    fc.assert(
      fc.property(batches([-3, 3], [-3, 3], [-2, 2]), number(0.3, 3), ([x, m, v], s) => {
        const [mean, logvar] = [variable(m), variable(v)];
        const found = backward(gaussianNll(x, mean, { logvar }));
        const z2 = (i: number) => (x.data[i] - m.data[i]) ** 2 * Math.exp(-v.data[i]);
        for (let i = 0; i < x.size; i++) {
          close(
            found.get(mean).data[i],
            ((m.data[i] - x.data[i]) * Math.exp(-v.data[i])) / x.shape[0],
            1e-11,
          );
          close(found.get(logvar).data[i], (1 - z2(i)) / 2 / x.shape[0], 1e-11);
        }
        const sigma = variable(tensor(s, f64));
        const g = backward(gaussianNll(x, m, { sigma }))
          .get(sigma)
          .item();
        close(
          g,
          reduced(x.shape, (i) => 1 / s - (x.data[i] - m.data[i]) ** 2 / s ** 3),
          1e-10,
        );
      }),
    );
  });

  it('stays finite where squaring first would overflow', () => {
    const x = tensor([[1e25]]);
    expect(gaussianNll(x, tensor([[0]]), { sigma: 1e25 }).item()).toBeCloseTo(
      0.5 + 0.9189385 + Math.log(1e25),
      4,
    );
    const logvar = 2 * Math.log(1e25);
    expect(gaussianNll(x, tensor([[0]]), { logvar }).item()).toBeCloseTo(0.5 + 0.9189385 + Math.log(1e25), 3);
  });

  it('says what is wrong', () => {
    const x = tensor([[1, 2]]);
    expect(() => gaussianNll(x, tensor([1, 2]), { sigma: 1 })).toThrow('target [1, 2] and mean [2]');
    expect(() => gaussianNll(x, x, { logvar: tensor([0, 0]) })).toThrow('target [1, 2] and logvar [2]');
    for (const sigma of [0, -1, Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(() => gaussianNll(x, x, { sigma })).toThrow(RangeError);
    }
    expect(() => gaussianNll(x, x, { sigma: 0 })).toThrow('sigma is 0; it must be finite and greater than 0');
    expect(() => gaussianNll(x, x, { logvar: Number.NaN })).toThrow('logvar is NaN; it must be finite');
    expect(() => Reflect.apply(gaussianNll, undefined, [x, x])).toThrow(
      'gaussianNll: options are given by name',
    );
    for (const scale of [{}, { sigma: 1, logvar: 0 }]) {
      expect(() => Reflect.apply(gaussianNll, undefined, [x, x, scale])).toThrow(
        'gaussianNll: needs either { sigma } or { logvar }',
      );
    }
  });
});
