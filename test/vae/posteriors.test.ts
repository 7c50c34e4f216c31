import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { normal, Random, sum, type Tensor, uniform } from '../../src/index.js';
import {
  bernoulliLikelihood,
  FullGaussian,
  type FullPosterior,
  fullGaussianPosterior,
  mlp,
  objective,
  VAE,
} from '../../src/vae.js';

const stream = (seed = 0) => new Random(seed).stream('init');
const wide = { dtype: 'float64' } as const;

/** A model of small posteriors that differ from example to example. */
function model(latent: number, seed = 0): VAE {
  const parts = {
    encoder: mlp(6, [5], { activation: 'tanh' as const }),
    posterior: fullGaussianPosterior({ latent }),
    decoder: mlp(latent, [4]),
    likelihood: bernoulliLikelihood(),
  };
  const vae = new VAE(parts, { stream: stream(seed), ...wide });
  // Below its diagonal the factor begins at zeros.
  const { below } = familyOf(vae);
  for (const t of below?.namedParameters().values() ?? []) stream(seed + 1).normal(t.data, 0, 0.4);
  return vae;
}

function familyOf(vae: VAE): FullGaussian {
  return vae.posterior instanceof FullGaussian ? vae.posterior : expect.unreachable();
}

const posteriorsOf = (vae: VAE, count: number, seed: number): FullPosterior =>
  familyOf(vae).forward(vae.encoder.forward(uniform([count, 6], stream(seed), wide)));

/** L of one example, row by row. */
const factorOf = ({ scale }: FullPosterior, example: number): number[][] => {
  const [, n] = scale.shape;
  return Array.from({ length: n }, (_, i) => [
    ...scale.data.slice((example * n + i) * n, (example * n + i + 1) * n),
  ]);
};

/** L L^T. */
const covarianceOf = (l: readonly number[][]): number[][] =>
  l.map((row) => l.map((other) => row.reduce((total, value, k) => total + value * other[k], 0)));

const rowOf = (t: Tensor, i: number): number[] => [...t.data.slice(i * t.shape[1], (i + 1) * t.shape[1])];

const anyCase = fc.record({ latent: fc.integer({ min: 1, max: 5 }), seed: fc.nat(1000) });

describe('a Gaussian posterior of any covariance', () => {
  it('has a lower triangular factor of positive diagonal, and the variances that follow from it', () => {
    fc.assert(
      fc.property(anyCase, ({ latent, seed }) => {
        const vae = model(latent, seed);
        const q = posteriorsOf(vae, 3, seed);
        for (let example = 0; example < 3; example++) {
          const l = factorOf(q, example);
          const variances = covarianceOf(l).map((row, i) => row[i]);
          l.forEach((row, i) => {
            expect(row[i]).toBeGreaterThan(0);
            expect(Math.log(row[i] ** 2)).toBeCloseTo(q.logDiagonal.data[example * latent + i], 12);
            expect(row.slice(i + 1).every((value) => value === 0)).toBe(true);
          });
          rowOf(q.logvar, example).forEach((logvar, i) => {
            expect(logvar).toBeCloseTo(Math.log(variances[i]), 10);
          });
        }
      }),
      { numRuns: 30 },
    );
  });

  it('has the density of z = mean + L epsilon: that of epsilon, over the determinant of L', () => {
    fc.assert(
      fc.property(anyCase, ({ latent, seed }) => {
        const vae = model(latent, seed);
        const q = posteriorsOf(vae, 3, seed);
        const epsilon = normal([2, 3, latent], stream(seed + 1), wide);
        const z = familyOf(vae).sample(q, epsilon);
        expect(z.shape).toEqual([2, 3, latent]);
        const found = familyOf(vae).logDensity(q, z);
        expect(found.shape).toEqual([2, 3, 1]);
        for (let i = 0; i < 6; i++) {
          const drawn = [...epsilon.data.slice(i * latent, (i + 1) * latent)];
          const l = factorOf(q, i % 3);
          const expected = drawn.reduce(
            (total, e, d) => total - e ** 2 / 2 - Math.log(2 * Math.PI) / 2 - Math.log(l[d][d]),
            0,
          );
          expect(found.data[i]).toBeCloseTo(expected, 9);
          const [mean] = [rowOf(q.mean, i % 3)];
          l.forEach((row, d) => {
            const moved = row.reduce((total, value, k) => total + value * drawn[k], mean[d]);
            expect(z.data[i * latent + d]).toBeCloseTo(moved, 12);
          });
        }
      }),
      { numRuns: 30 },
    );
  });

  it('has the KL of its covariance, whole, and what it is on average at the samples', () => {
    const vae = model(3, 7);
    const q = posteriorsOf(vae, 1, 3);
    const l = factorOf(q, 0);
    const trace = covarianceOf(l).reduce((total, row, i) => total + row[i], 0);
    const squares = rowOf(q.mean, 0).reduce((total, mean) => total + mean ** 2, 0);
    const determinant = l.reduce((total, row, i) => total + 2 * Math.log(row[i]), 0);
    const expected = (trace + squares - 3 - determinant) / 2;
    expect(sum(familyOf(vae).standardKl(q)).item()).toBeCloseTo(expected, 12);
    const samples = 20_000;
    const z = familyOf(vae).sample(q, normal([samples, 1, 3], stream(5), wide));
    const [log, prior] = [familyOf(vae).logDensity(q, z), sum(vae.prior.logDensity(z), { axes: -1 })];
    const each = Array.from({ length: samples }, (_, i) => log.data[i] - prior.data[i]);
    const average = each.reduce((a, b) => a + b, 0) / samples;
    const deviation = Math.sqrt(each.reduce((total, one) => total + (one - average) ** 2, 0) / samples);
    expect(Math.abs(average - expected)).toBeLessThan((4 * deviation) / Math.sqrt(samples));
  });

  it('begins as the diagonal one', () => {
    const vae = new VAE(
      { features: 6, hidden: [5], latent: 4, posterior: 'full' },
      { stream: stream(), ...wide },
    );
    const { scale, logvar, logDiagonal } = posteriorsOf(vae, 3, 1);
    expect(logvar.data.every((x, i) => Math.abs(x - logDiagonal.data[i]) < 1e-12)).toBe(true);
    expect(scale.data.filter((x) => x !== 0).length).toBe(3 * 4);
  });

  it('of one dimension is the diagonal one', () => {
    const full = model(1);
    const q = posteriorsOf(full, 4, 2);
    const x = uniform([4, 6], stream(2), wide);
    const { klPerDimension } = objective(full, x, normal([4, 1], stream(3), wide));
    const direct = [0, 1, 2, 3].map(
      (i) => (q.mean.data[i] ** 2 + Math.exp(q.logvar.data[i]) - 1 - q.logvar.data[i]) / 2,
    );
    expect(klPerDimension.shape).toEqual([1]);
    expect(klPerDimension.item()).toBeCloseTo(direct.reduce((a, b) => a + b, 0) / 4, 12);
    expect([...full.namedParameters().keys()].filter((name) => name.startsWith('posterior'))).toEqual([
      'posterior.mean.weight',
      'posterior.mean.bias',
      'posterior.logvar.weight',
      'posterior.logvar.bias',
    ]);
  });
});
