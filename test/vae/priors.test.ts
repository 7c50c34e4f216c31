import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { normal, Random, type Tensor, tensor, uniform } from '../../src/index.js';
import {
  bernoulliLikelihood,
  conditionalPrior,
  encode,
  fullGaussianPosterior,
  gaussianLikelihood,
  gaussianPosterior,
  generate,
  label,
  mixturePrior,
  mlp,
  objective,
  VAE,
  type VAEParts,
  vampPrior,
} from '../../src/vae.js';

const stream = (seed = 0) => new Random(seed).stream('init');
const model = (given: Partial<VAEParts>, latent = 2): VAE =>
  new VAE(
    {
      encoder: mlp(6, [4]),
      posterior: gaussianPosterior({ latent }),
      decoder: mlp(latent, [4]),
      likelihood: bernoulliLikelihood(),
      ...given,
    },
    { stream: stream(), dtype: 'float64' },
  );
const wide = { dtype: 'float64' } as const;
const valuesOf = (vae: VAE, name: string): number[] => [
  ...(vae.namedParameters().get(name)?.data ?? expect.unreachable(name)),
];

/** log of a mixture at z, as one writes it down. */
function direct(z: readonly number[], means: number[][], logvars: number[][], weights: number[]): number {
  const terms = means.map(
    (mean, k) =>
      weights[k] *
      mean.reduce((product, m, d) => {
        const variance = Math.exp(logvars[k][d]);
        return product * (Math.exp(-((z[d] - m) ** 2) / (2 * variance)) / Math.sqrt(2 * Math.PI * variance));
      }, 1),
  );
  return Math.log(terms.reduce((a, b) => a + b, 0));
}

const rowsOf = (values: readonly number[], width: number): number[][] =>
  Array.from({ length: values.length / width }, (_, i) => values.slice(i * width, (i + 1) * width));

const softmaxOf = (logits: readonly number[]): number[] => {
  const total = logits.reduce((sum, logit) => sum + Math.exp(logit), 0);
  return logits.map((logit) => Math.exp(logit) / total);
};

/** Gives every parameter of the prior another value. */
function disturb(vae: VAE, seed: number): void {
  for (const [name, t] of vae.namedParameters())
    if (name.startsWith('prior')) stream(seed).normal(t.data, 0, 1);
}

describe('a mixture of Gaussians as the prior', () => {
  it('has the density that one writes down', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 4 }), fc.nat(1000), (components, seed) => {
        const vae = model({ prior: mixturePrior({ components }) });
        disturb(vae, seed);
        const z = normal([5, 2], stream(seed + 1), wide);
        const logits = valuesOf(vae, 'prior.logits');
        const [means, logvars] = ['mean', 'logvar'].map((name) => rowsOf(valuesOf(vae, `prior.${name}`), 2));
        const expected = rowsOf([...z.data], 2).map((row) => direct(row, means, logvars, softmaxOf(logits)));
        const found = vae.prior.logDensity(z);
        expect(found.shape).toEqual([5, 1]);
        for (const [i, value] of expected.entries()) expect(found.data[i]).toBeCloseTo(value, 10);
      }),
      { numRuns: 30 },
    );
  });

  it('has a density that integrates to 1', () => {
    const vae = model({ prior: mixturePrior({ components: 3 }) }, 1);
    disturb(vae, 4);
    const [step, reach] = [0.01, 20];
    const points = Array.from({ length: (2 * reach) / step }, (_, i) => step * (i + 0.5) - reach);
    const density = vae.prior.logDensity(tensor(points, { shape: [points.length, 1], ...wide }));
    expect([...density.data].reduce((sum, value) => sum + Math.exp(value) * step, 0)).toBeCloseTo(1, 6);
  });

  it('draws from each component as often as its weight says', () => {
    const vae = model({ prior: mixturePrior({ components: 2 }) }, 1);
    const values: Record<string, number[]> = {
      mean: [-10, 10],
      logvar: [-2, 0],
      logits: [Math.log(1), Math.log(3)],
    };
    for (const [name, t] of vae.namedParameters()) {
      const [, own] = name.split('prior.');
      if (own !== undefined) t.data.set(values[own]);
    }
    const low = [...vae.prior.sample(4000, stream(5)).data].filter((z) => z < 0);
    // Four standard deviations.
    expect(Math.abs(low.length / 4000 - 0.25)).toBeLessThan(4 * Math.sqrt((0.25 * 0.75) / 4000));
    const spread = Math.sqrt(low.reduce((sum, z) => sum + (z + 10) ** 2, 0) / low.length);
    expect(spread).toBeGreaterThan(0.9 * Math.exp(-1));
    expect(spread).toBeLessThan(1.1 * Math.exp(-1));
  });
});

describe('a VampPrior', () => {
  it('is the mixture of the posteriors of its examples', () => {
    const vae = model({ prior: vampPrior({ components: 3 }) });
    disturb(vae, 2);
    const inputs = valuesOf(vae, 'prior.inputs').map((x) => 1 / (1 + Math.exp(-x)));
    const { mean, logvar } = encode(vae, tensor(inputs, { shape: [3, 6], ...wide }));
    const z = normal([4, 2], stream(3), wide);
    const expected = rowsOf([...z.data], 2).map((row) =>
      direct(row, rowsOf([...mean.data], 2), rowsOf([...logvar.data], 2), [1 / 3, 1 / 3, 1 / 3]),
    );
    const found = vae.prior.logDensity(z);
    for (const [i, value] of expected.entries()) expect(found.data[i]).toBeCloseTo(value, 10);
  });

  it('takes its examples from the range of the data, or from all numbers', () => {
    const examplesOf = (likelihood: VAEParts['likelihood']): Tensor => {
      const { prior } = model({ prior: vampPrior({ components: 50 }), likelihood });
      return 'examples' in prior && typeof prior.examples === 'function'
        ? prior.examples()
        : expect.unreachable();
    };
    const bounded = examplesOf(bernoulliLikelihood()).data;
    expect(Math.min(...bounded)).toBeGreaterThan(0);
    expect(Math.max(...bounded)).toBeLessThan(1);
    expect(Math.min(...examplesOf(gaussianLikelihood({ mean: 'identity' })).data)).toBeLessThan(0);
  });

  it('of any posterior and condition averages the densities of its examples, whose labels go round', () => {
    const vae = model({
      prior: vampPrior({ components: 3 }),
      posterior: fullGaussianPosterior({ latent: 2 }),
      condition: label({ classes: 2 }),
    });
    disturb(vae, 6);
    const inputs = valuesOf(vae, 'prior.inputs').map((x) => 1 / (1 + Math.exp(-x)));
    const q = vae.encode(tensor(inputs, { shape: [3, 6], ...wide }), [0, 1, 0]);
    const z = normal([4, 2], stream(3), wide);
    const found = vae.prior.logDensity(z);
    expect(found.shape).toEqual([4, 1]);
    for (let i = 0; i < 4; i++) {
      const repeated = tensor(
        [0, 1, 2].flatMap(() => [...z.data.slice(2 * i, 2 * i + 2)]),
        {
          shape: [3, 2],
          ...wide,
        },
      );
      const each = [...vae.posterior.logDensity(q, repeated).data].map(Math.exp);
      expect(found.data[i]).toBeCloseTo(Math.log((each[0] + each[1] + each[2]) / 3), 10);
    }
    const drawn = vae.prior.sample(4000, stream(8));
    const average = (values: ArrayLike<number>, at: number): number =>
      Array.from(values).reduce((sum, value, i) => (i % 2 === at ? sum + value : sum), 0) /
      (values.length / 2);
    for (const at of [0, 1]) {
      const deviation = Math.sqrt(
        average(
          drawn.data.map((v) => v ** 2),
          at,
        ),
      );
      expect(Math.abs(average(drawn.data, at) - average(q.mean.data, at))).toBeLessThan(
        (5 * deviation) / Math.sqrt(4000),
      );
    }
  });
});

describe('a conditional prior', () => {
  const conditional = (): VAE => {
    const vae = model({ prior: conditionalPrior(), condition: label({ classes: 3 }) });
    disturb(vae, 3);
    return vae;
  };
  const labels = [2, 0, 2];

  it('is the Gaussian of the class', () => {
    const vae = conditional();
    const [means, logvars] = ['mean', 'logvar'].map((name) => rowsOf(valuesOf(vae, `prior.${name}`), 2));
    const z = normal([3, 2], stream(3), wide);
    const found = vae.prior.logDensity(z, labels);
    rowsOf([...z.data], 2).forEach((row, i) => {
      const y = labels[i];
      const sum = found.data[2 * i] + found.data[2 * i + 1];
      expect(sum).toBeCloseTo(direct(row, [means[y]], [logvars[y]], [1]), 10);
    });
    const drawn = vae.prior.sample(4000, stream(1), Array(4000).fill(1));
    for (const d of [0, 1]) {
      const own = rowsOf([...drawn.data], 2).map((row) => row[d]);
      const average = own.reduce((a, b) => a + b, 0) / 4000;
      const variance = own.reduce((a, b) => a + (b - average) ** 2, 0) / 4000;
      const expected = Math.exp(logvars[1][d]);
      expect(Math.abs(average - means[1][d])).toBeLessThan(5 * Math.sqrt(expected / 4000));
      expect(variance / expected).toBeGreaterThan(0.9);
      expect(variance / expected).toBeLessThan(1.1);
    }
  });

  it('has the KL that log q - log p has on average at the samples', () => {
    const vae = conditional();
    const x = uniform([3, 6], stream(1), wide);
    const { posterior = expect.unreachable() } = vae.forward(x, normal([3, 2], stream(2), wide), { labels });
    const exact = vae.prior.kl(posterior, vae.posterior, labels) ?? expect.unreachable();
    const total = [...exact.data].reduce((a, b) => a + b, 0);
    const each = Array.from({ length: 4000 }, (_, i) => {
      const z = vae.posterior.sample(posterior, normal([3, 2], stream(100 + i), wide), false);
      const [q, p] = [vae.posterior.logDensity(posterior, z), vae.prior.logDensity(z, labels)];
      return [...q.data].reduce((sum, value, k) => sum + value - p.data[k], 0);
    });
    const average = each.reduce((a, b) => a + b, 0) / 4000;
    const deviation = Math.sqrt(each.reduce((a, b) => a + (b - average) ** 2, 0) / 4000);
    expect(Math.abs(average - total)).toBeLessThan((4 * deviation) / Math.sqrt(4000));
  });

  it('is refused in a model that is told nothing, and asks for labels', () => {
    expect(() => model({ prior: conditionalPrior() })).toThrow(
      'VAE: the conditional prior is a Gaussian for each class, but the model has no condition',
    );
    expect(() => generate(conditional(), 2, stream())).toThrow('give the labels');
  });
});

describe('a prior without a formula for the KL', () => {
  it.each([
    ['mixture', mixturePrior({ components: 3 })],
    ['vamp', vampPrior({ components: 3 })],
  ])('%s: the KL is log q - log p at the sample, whole', (_, prior) => {
    const vae = model({ prior });
    const x = uniform([3, 6], stream(1), wide);
    const { posterior, z, kl, klPerDimension } = objective(vae, x, normal([3, 2], stream(2), wide));
    const q = vae.posterior.logDensity(posterior ?? expect.unreachable(), z).data;
    const p = vae.prior.logDensity(z).data;
    const sums = [0, 1, 2].map((i) => q[2 * i] + q[2 * i + 1] - p[i]);
    expect(klPerDimension.shape).toEqual([1]);
    expect(kl.item()).toBeCloseTo((sums[0] + sums[1] + sums[2]) / 3, 12);
  });

  it('is trained with the model, kept, and drawn from', () => {
    const vae = model({ prior: mixturePrior({ components: 3 }) });
    const again = new VAE(JSON.parse(JSON.stringify(vae.spec)), { stream: stream(9), dtype: 'float64' });
    again.loadStateDict(vae.stateDict());
    const drawn = [vae, again].map((one) => [...generate(one, 5, stream(3)).data]);
    expect(drawn[0]).toEqual(drawn[1]);
    expect([...vae.namedParameters().keys()].filter((name) => name.startsWith('prior'))).toEqual([
      'prior.mean',
      'prior.logvar',
      'prior.logits',
    ]);
  });
});
