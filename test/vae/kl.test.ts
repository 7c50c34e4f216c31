import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { backward, concat, sum, variable } from '../../src/autograd/index.js';
import { tensor } from '../../src/tensor/create.js';
import { Random } from '../../src/tensor/random/index.js';
import { gaussianKl, klPerDimension, klTerm } from '../../src/vae/index.js';
import { alike, between } from './arbitraries.js';

const float64 = { dtype: 'float64' } as const;
const DRAWS = 1_000_000;

/** log q(z | x) - log p(z) over many z ~ q: its mean, and the standard error of that. */
function monteCarlo(mean: number, logvar: number, seed: number): { estimate: number; error: number } {
  const sigma = Math.exp(logvar / 2);
  const epsilon = new Random(seed).stream('epsilon').normal(new Float64Array(DRAWS));
  let total = 0;
  let squares = 0;
  for (const e of epsilon) {
    const z = mean + sigma * e;
    const difference = -(logvar + e * e) / 2 + (z * z) / 2;
    total += difference;
    squares += difference * difference;
  }
  const estimate = total / DRAWS;
  return { estimate, error: Math.sqrt((squares / DRAWS - estimate ** 2) / DRAWS) };
}

describe('gaussianKl', () => {
  it.each([
    [0.3, -0.5],
    [-1.5, 0.7],
    [2, -3],
    [0, 1],
    [0.01, 0.02],
    [-3, 0],
  ])('agrees with a million draws of log q - log p: mean %d, logvar %d', (mean, logvar) => {
    const closed = gaussianKl(tensor(mean, float64), tensor(logvar, float64)).item();
    const { estimate, error } = monteCarlo(mean, logvar, 12);
    expect(error).toBeGreaterThan(0);
    expect(Math.abs(estimate - closed) / error).toBeLessThan(4);
    // So many draws tell it from a closed form without its 1/2.
    expect(Math.abs(estimate - 2 * closed) / error).toBeGreaterThan(6);
  });

  it('is (mean^2 + e^logvar - 1 - logvar) / 2, and 0 only at the prior', () => {
    const at = (mean: number, logvar: number) =>
      gaussianKl(tensor(mean, float64), tensor(logvar, float64)).item();
    expect(at(0, 0)).toBe(0);
    expect(at(3, 0)).toBe(4.5);
    expect(at(0, Math.log(4))).toBeCloseTo((4 - 1 - Math.log(4)) / 2, 14);
    // Near the prior, where 1 + logvar - e^logvar would have no digits left: logvar^2 / 4.
    expect(at(0, 1e-5) / 2.5e-11).toBeCloseTo(1, 4);
  });

  it.each(['float32', 'float64'] as const)('is never negative, in %s', (dtype) => {
    fc.assert(
      fc.property(fc.oneof(between(-1e-3, 1e-3), between(-15, 15)), (logvar) => {
        const kl = gaussianKl(tensor(0, { dtype }), tensor(logvar, { dtype })).item();
        expect(kl).toBeGreaterThanOrEqual(0);
      }),
      { numRuns: 1000 },
    );
  });
});

describe('klPerDimension', () => {
  it('is the mean over the batch, for each dimension', () => {
    const mean = tensor(
      [
        [1, 0],
        [3, 2],
      ],
      float64,
    );
    const logvar = tensor(
      [
        [0, 0],
        [0, 0],
      ],
      float64,
    );
    expect(klPerDimension(mean, logvar).toArray()).toEqual([2.5, 1]);
    expect(klTerm(klPerDimension(mean, logvar)).item()).toBe(3.5);
  });

  it('adds up over concatenated dimensions, and does not change when the batch is repeated', () => {
    fc.assert(
      fc.property(alike(4, between(-3, 3)), ([m1, l1, m2, l2]) => {
        const [first, second] = [klTerm(klPerDimension(m1, l1)), klTerm(klPerDimension(m2, l2))];
        const wide = klTerm(
          klPerDimension(concat([m1, m2], { axis: 1 }), concat([l1, l2], { axis: 1 })),
        ).item();
        expect(wide).toBeCloseTo(first.item() + second.item(), 10);
        const repeated = klTerm(klPerDimension(concat([m1, m1]), concat([l1, l1])));
        expect(repeated.item()).toBeCloseTo(first.item(), 10);
      }),
    );
  });
});

describe('free bits', () => {
  // KL per dimension: 0.125, 2 and 0.005.
  const mean = variable(tensor([[0.5, 2, 0.1]], float64));
  const logvar = variable(tensor([[0, 0, 0]], float64));
  const spread = variable(tensor([[0.3, 0.3, 0.3]], float64));

  it('count each dimension at least that many nats', () => {
    expect(klTerm(klPerDimension(mean, logvar), 0.5).item()).toBeCloseTo(0.5 + 2 + 0.5, 14);
    expect(klTerm(klPerDimension(mean, logvar), 0).item()).toBeCloseTo(0.125 + 2 + 0.005, 14);
  });

  it('leave no KL gradient in a dimension below the floor, and the whole one above', () => {
    const whole = backward(sum(gaussianKl(mean, spread)));
    const floored = backward(klTerm(klPerDimension(mean, spread), 0.5));
    for (const t of [mean, spread]) {
      expect(floored.get(t).data[0]).toBe(0);
      expect(floored.get(t).data[1]).toBe(whole.get(t).data[1]);
      expect(floored.get(t).data[2]).toBe(0);
      expect(whole.get(t).data.every((g) => g !== 0)).toBe(true);
    }
  });
});
