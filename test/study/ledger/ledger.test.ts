import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { concat } from '../../../src/autograd/index.js';
import { ORIGINS } from '../../../src/study/by-origin.js';
import { dimensionRows } from '../../../src/study/ledger/dimensions.js';
import { type HandFormulas, handFormulas } from '../../../src/study/ledger/hand.js';
import { type Ledger, type LedgerOptions, ledger } from '../../../src/study/ledger/ledger.js';
import { architectures, between, likelihoods } from '../../vae/arbitraries.js';
import { heads } from '../../vae/heads.js';
import { subject } from '../models.js';

const betas = fc.oneof(fc.constantFrom(0, 1), between(0.01, 50));
const worst = ({ difference }: Ledger): number => Math.max(...difference.mean, ...difference.logvar);

describe.each(Object.entries(likelihoods))('ledger, %s', (_, likelihood) => {
  it('agrees with the formulas worked by hand to 1e-12 in float64', () => {
    fc.assert(
      fc.property(
        architectures(likelihood),
        betas,
        fc.nat(1000),
        fc.integer({ min: 1, max: 5 }),
        (config, beta, seed, batch) => {
          const { vae, x, epsilon } = subject(config, { seed, batch });
          // Weights of unlike size, so that logvar is not always near 0.
          for (const parameter of [heads(vae).mean.weight, heads(vae).logvar.weight]) {
            parameter.data.forEach((w, i) => {
              parameter.data[i] = 6 * w;
            });
          }
          const found = ledger(vae, x, epsilon, { beta });
          expect(worst(found)).toBeLessThan(1e-12);
          for (const name of ['mean', 'logvar'] as const) {
            for (const origin of ORIGINS) {
              found.gradients[name][origin].data.forEach((g, i) => {
                expect(g).toBeCloseTo(found.hand[name][origin].data[i], 11);
              });
            }
          }
        },
      ),
      { numRuns: 25 },
    );
  });
});

describe('ledger', () => {
  const { vae, x, epsilon } = subject({ latent: 3 }, { batch: 4 });
  const at = (options: LedgerOptions = {}) => ledger(vae, x, epsilon, options);

  it('splits each gradient into parts that add up to it', () => {
    const { gradients } = at({ beta: 2.5 });
    for (const entry of Object.values(gradients)) {
      entry.total.data.forEach((g, i) => {
        expect(g).toBeCloseTo(entry.reconstruction.data[i] + entry.kl.data[i], 14);
      });
      expect(entry.total.data.some((g) => g !== 0)).toBe(true);
    }
    // The KL is in closed form: it does not look at the sample.
    expect(gradients.z.kl.data.every((g) => g === 0)).toBe(true);
    expect(gradients.mean.reconstruction.data).toEqual(gradients.z.reconstruction.data);
  });

  it('weighs the part of the KL by beta, and leaves the other alone', () => {
    const [once, thrice, never] = [1, 3, 0].map((beta) => at({ beta }).gradients);
    thrice.mean.kl.data.forEach((g, i) => {
      expect(g).toBeCloseTo(3 * once.mean.kl.data[i], 14);
    });
    expect(never.logvar.kl.data.every((g) => g === 0)).toBe(true);
    expect(thrice.logvar.reconstruction.data).toEqual(once.logvar.reconstruction.data);
  });

  it('gives no part to the KL of a dimension that has its free bits', () => {
    const { klPerDimension } = at();
    const freeBits = (Math.min(...klPerDimension) + Math.max(...klPerDimension)) / 2;
    const found = at({ freeBits, beta: 2 });
    expect(worst(found)).toBeLessThan(1e-12);
    klPerDimension.forEach((kl, j) => {
      const own = found.gradients.mean.kl.data.filter((_, i) => i % 3 === j);
      expect(own.every((g) => g === 0)).toBe(kl < freeBits);
    });
  });

  it('takes logvar as it is after the soft bound', () => {
    const bound = subject({ latent: 2 });
    heads(bound.vae).logvar.bias?.data.fill(13);
    const found = ledger(bound.vae, bound.x, bound.epsilon);
    expect(found.logvar.data.every((l) => l > 10 && l < 13)).toBe(true);
    expect(worst(found)).toBeLessThan(1e-12);
  });

  const single = (value: number) => ({ value, terms: Math.abs(value) });
  const { mean, logvar } = handFormulas;
  const wrong: Record<string, Partial<HandFormulas>> = {
    'the trick without its 1/2': {
      logvar: (a) => ({ ...logvar(a), reconstruction: single(a.dz * a.epsilon * Math.exp(a.logvar / 2)) }),
    },
    'exp(logvar) taken for sigma': {
      logvar: (a) => ({ ...logvar(a), reconstruction: single((a.dz * a.epsilon * Math.exp(a.logvar)) / 2) }),
    },
    'the KL without its 1/2': {
      logvar: (a) => ({ ...logvar(a), kl: single((a.weight * (Math.exp(a.logvar) - 1)) / a.batch) }),
    },
    'the KL without its -1': {
      logvar: (a) => ({ ...logvar(a), kl: single((a.weight * Math.exp(a.logvar)) / 2 / a.batch) }),
    },
    'the KL not averaged over the batch': {
      mean: (a) => ({ ...mean(a), kl: single(a.weight * a.mean) }),
    },
    'a number that is not one': { mean: (a) => ({ ...mean(a), kl: single(Number.NaN) }) },
  };
  it.each(Object.entries(wrong))('notices %s', (_, change) => {
    expect(worst(at({ formulas: { ...handFormulas, ...change } }))).toBeGreaterThan(0.05);
  });

  it('keeps numbers of its own', () => {
    const found = at();
    const before = [...found.mean.data];
    x.data.fill(0.5);
    at();
    expect([...found.mean.data]).toEqual(before);
    expect(() => at({ beta: -1 })).toThrow('beta is -1');
  });
});

describe('dimensionRows', () => {
  it('weighs what drives the means apart against what draws them together', () => {
    const { vae, x, epsilon } = subject({ latent: 2 }, { batch: 5 });
    const found = ledger(vae, x, epsilon, { beta: 3 });
    const rows = dimensionRows(found);
    const { mean } = found;
    // The variance after a small step along one part of the gradient alone.
    const moved = (part: 'reconstruction' | 'kl', j: number, rate: number) => {
      const means = [0, 1, 2, 3, 4].map(
        (i) => mean.data[2 * i + j] - rate * found.gradients.mean[part].data[2 * i + j],
      );
      const average = means.reduce((sum, m) => sum + m, 0) / 5;
      return means.reduce((sum, m) => sum + (m - average) ** 2, 0);
    };
    rows.forEach(({ signal, pull, variance }, j) => {
      const growth = (part: 'reconstruction' | 'kl') => (moved(part, j, 1e-5) - moved(part, j, -1e-5)) / 2e-5;
      expect(2 * signal).toBeCloseTo(growth('reconstruction'), 9);
      expect(-2 * pull).toBeCloseTo(growth('kl'), 9);
      expect(pull).toBeCloseTo(3 * variance, 14);
    });
  });

  it('sums up each dimension, in nats per example whatever the batch', () => {
    const { vae, x, epsilon } = subject({ latent: 2 }, { batch: 1 });
    const found = ledger(vae, x, epsilon, { beta: 2 });
    const one = dimensionRows(found);
    const repeated = dimensionRows(
      ledger(vae, concat([x, x, x]), concat([epsilon, epsilon, epsilon]), { beta: 2 }),
    );
    repeated.forEach((row, j) => {
      expect(row.logvar.total).toBeCloseTo(one[j].logvar.total, 14);
      expect(row.signal).toBeCloseTo(one[j].signal, 14);
      expect(row.pull).toBeCloseTo(one[j].pull, 14);
    });
    one.forEach((row, j) => {
      const [m, l] = [found.mean.data[j], found.logvar.data[j]];
      expect(row.dimension).toBe(j);
      expect(row.kl).toBeCloseTo((m * m + Math.exp(l) - 1 - l) / 2, 14);
      expect(row.sigma).toBeCloseTo(Math.exp(l / 2), 14);
      expect(row.variance).toBe(0);
      expect([row.pull, row.signal]).toEqual([0, 0]);
      expect(row.logvar.kl).toBeCloseTo(Math.abs(Math.exp(l) - 1), 14);
    });
  });
});
