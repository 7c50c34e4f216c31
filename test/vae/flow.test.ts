import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { gather, grad, normal, Random, sum, type Tensor, tensor, uniform } from '../../src/index.js';
import {
  bernoulliLikelihood,
  encode,
  Flow,
  type FlowPosterior,
  flowPosterior,
  mlp,
  objective,
  VAE,
} from '../../src/vae.js';

const stream = (seed = 0) => new Random(seed).stream('init');
const wide = { dtype: 'float64' } as const;

/** A model whose weights are large enough for its posteriors to be far from Gaussian. */
function model(latent: number, layers: number, seed: number): VAE {
  const parts = {
    encoder: mlp(6, [5], { activation: 'tanh' as const }),
    posterior: flowPosterior({ latent, layers, width: 6 }),
    decoder: mlp(latent, [4]),
    likelihood: bernoulliLikelihood(),
  };
  const vae = new VAE(parts, { stream: stream(seed), ...wide });
  for (const [name, { data }] of vae.namedParameters()) {
    if (name.includes('layers'))
      data.forEach((value, i) => {
        data[i] = 3 * value;
      });
  }
  return vae;
}

const familyOf = ({ posterior }: VAE): Flow => (posterior instanceof Flow ? posterior : expect.unreachable());

const posteriorOf = (vae: VAE, count: number, seed: number): FlowPosterior =>
  familyOf(vae).forward(vae.encoder.forward(uniform([count, 6], stream(seed), wide)));

/** log |det| of a matrix, row by row, by elimination. */
function logDeterminant(rows: number[][]): number {
  const a = rows.map((row) => [...row]);
  let total = 0;
  for (let k = 0; k < a.length; k++) {
    const best = a.slice(k).reduce((at, row, i) => (Math.abs(row[k]) > Math.abs(a[at][k]) ? i + k : at), k);
    [a[k], a[best]] = [a[best], a[k]];
    total += Math.log(Math.abs(a[k][k]));
    for (let i = k + 1; i < a.length; i++) {
      const factor = a[i][k] / a[k][k];
      a[i] = a[i].map((value, j) => value - factor * a[k][j]);
    }
  }
  return total;
}

/** dz / d epsilon of one example, by backpropagation. */
function jacobian(family: Flow, q: FlowPosterior, epsilon: Tensor): number[][] {
  const dimensions = Array.from({ length: family.latent }, (_, i) => i);
  return dimensions.map((i) => [
    ...grad((e: Tensor) => sum(gather(family.sample(q, e), { indices: [i], axis: -1 })))(epsilon)[0].data,
  ]);
}

const anyCase = fc.record({
  latent: fc.integer({ min: 1, max: 4 }),
  layers: fc.integer({ min: 1, max: 4 }),
  seed: fc.nat(1000),
});

describe('a flow posterior', () => {
  it("has the density of its noise over the determinant of autograd's Jacobian", () => {
    fc.assert(
      fc.property(anyCase, ({ latent, layers, seed }) => {
        const vae = model(latent, layers, seed);
        const family = familyOf(vae);
        const q = posteriorOf(vae, 1, seed);
        const epsilon = normal([1, latent], stream(seed + 1), wide);
        const own = [...epsilon.data].reduce((total, e) => total - (e * e + Math.log(2 * Math.PI)) / 2, 0);
        const expected = own - logDeterminant(jacobian(family, q, epsilon));
        expect(family.logDensity(q, family.sample(q, epsilon)).item()).toBeCloseTo(expected, 9);
      }),
      { numRuns: 40 },
    );
  });

  it('has a density that integrates to 1', () => {
    const vae = model(2, 3, 3);
    const q = posteriorOf(vae, 1, 3);
    const [step, reach] = [0.1, 12];
    const side = Math.round((2 * reach) / step);
    const line = Array.from({ length: side }, (_, i) => step * (i + 0.5) - reach);
    const [cx, cy] = q.mean.data;
    const points = line.flatMap((x) => line.flatMap((y) => [cx + x, cy + y]));
    const z = tensor(points, { shape: [side * side, 1, 2], ...wide });
    const density = familyOf(vae).logDensity(q, z);
    const total = [...density.data].reduce((sum, value) => sum + Math.exp(value) * step * step, 0);
    expect(total).toBeCloseTo(1, 4);
  });

  it('moves every dimension, and takes its KL at the sample, whole', () => {
    const vae = model(3, 2, 5);
    const x = uniform([4, 6], stream(2), wide);
    const {
      posterior = expect.unreachable(),
      z,
      kl,
      klPerDimension,
    } = objective(vae, x, normal([4, 3], stream(3), wide));
    const q = vae.posterior.logDensity(posterior, z).data;
    const p = sum(vae.prior.logDensity(z), { axes: -1 }).data;
    const average = [...q].reduce((total, value, i) => total + value - p[i], 0) / 4;
    expect(klPerDimension.shape).toEqual([1]);
    expect(kl.item()).toBeCloseTo(average, 12);
    const matrix = jacobian(familyOf(vae), posteriorOf(vae, 1, 1), normal([1, 3], stream(1), wide));
    matrix.forEach((row, i) => {
      expect(Math.abs(row[i] - 1)).toBeGreaterThan(1e-3);
    });
  });

  it('has for its mean the code of no noise', () => {
    const vae = model(2, 3, 8);
    const x = uniform([3, 6], stream(4), wide);
    const { mean } = encode(vae, x);
    const { z } = vae.forward(x, tensor(Array(6).fill(0), { shape: [3, 2], ...wide }));
    expect([...mean.data]).toEqual([...z.data]);
  });
});
