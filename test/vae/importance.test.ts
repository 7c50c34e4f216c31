import { describe, expect, it } from 'vitest';
import { backward, concat, normal, Random, type Tensor, tensor } from '../../src/index.js';
import { examplesAt } from '../../src/vae/evaluate.js';
import {
  bernoulliLikelihood,
  gaussianLikelihood,
  gaussianPosterior,
  iwae,
  mlp,
  objective,
  objectiveOf,
  VAE,
} from '../../src/vae.js';
import { uniformTensor } from './arbitraries.js';
import { marginalCases } from './marginal-cases.js';

const estimators = ['pathwise', 'stl', 'dreg', 'score', 'score-baseline', 'vimco'] as const;
type Estimator = (typeof estimators)[number];

const stream = (name: string, seed = 0) => new Random(seed).stream(name);

const [FEATURES, LATENT, BATCH] = [4, 2, 3];

/** Linear encoder and decoder, so that every formula can be written down. */
const linear = () =>
  new VAE(
    {
      encoder: mlp(FEATURES, []),
      posterior: gaussianPosterior({ latent: LATENT }),
      decoder: mlp(LATENT, []),
      likelihood: bernoulliLikelihood(),
    },
    { stream: stream('init', 3), dtype: 'float64' },
  );

const sum = (terms: readonly number[]): number => terms.reduce((a, b) => a + b, 0);
const logMeanExp = (logs: readonly number[]): number =>
  Math.log(sum(logs.map((log) => Math.exp(log))) / logs.length);

/**
 * The bound of one example and its gradients by mean, logvar and the decoder's logits, by the formulas of the papers in plain numbers:
 * Burda et al. 2016 (eq. 13), Roeder et al. 2017 (eq. 9), Tucker et al. 2018 (eq. 8), Mnih & Rezende 2016 (eq. 5 to 7).
 */
function byHand(
  estimator: Estimator,
  { mean, logvar }: { readonly mean: readonly number[]; readonly logvar: readonly number[] },
  x: readonly number[],
  epsilon: readonly (readonly number[])[],
  decoder: { readonly weight: readonly (readonly number[])[]; readonly bias: readonly number[] },
  baseline: number,
) {
  const sigma = logvar.map((l) => Math.exp(l / 2));
  const samples = epsilon.map((e) => {
    const z = e.map((at, j) => mean[j] + sigma[j] * at);
    const logits = decoder.bias.map((b, f) => b + sum(z.map((at, j) => decoder.weight[f][j] * at)));
    const error = logits.map((l, f) => x[f] - 1 / (1 + Math.exp(-l)));
    const logLikelihood = sum(logits.map((l, f) => x[f] * l - Math.log(1 + Math.exp(l))));
    const logPrior = sum(z.map((at) => -(at ** 2) / 2 - Math.log(2 * Math.PI) / 2));
    const logq = sum(e.map((at, j) => -(at ** 2) / 2 - Math.log(2 * Math.PI) / 2 - logvar[j] / 2));
    // By z, with q held; and by mean and logvar of log q, with z held.
    const byZ = z.map(
      (at, j) => sum(error.map((off, f) => off * decoder.weight[f][j])) - at + (at - mean[j]) / sigma[j] ** 2,
    );
    return {
      z,
      error,
      logWeight: logLikelihood + logPrior - logq,
      through: [...byZ, ...byZ.map((slope, j) => (slope * sigma[j] * e[j]) / 2)],
      score: [...e.map((at, j) => at / sigma[j]), ...e.map((at) => (at ** 2 - 1) / 2)],
    };
  });
  const logs = samples.map(({ logWeight }) => logWeight);
  const bound = logMeanExp(logs);
  const share = logs.map((log) => Math.exp(log - bound) / logs.length);
  const without = (k: number): number => {
    const others = logs.filter((_, i) => i !== k);
    return logMeanExp([...others, sum(others) / others.length]);
  };
  /** What the direct derivative through z and the score of each sample count. */
  const counts: Record<Estimator, (k: number) => readonly [number, number]> = {
    pathwise: (k) => [share[k], -share[k]],
    stl: (k) => [share[k], 0],
    dreg: (k) => [share[k] ** 2, 0],
    score: (k) => [0, bound - share[k]],
    'score-baseline': (k) => [0, bound + baseline - share[k]],
    vimco: (k) => [0, bound - without(k) - share[k]],
  };
  const byPosterior = Array.from({ length: 2 * mean.length }, (_, i) =>
    sum(
      samples.map(({ through, score }, k) => {
        const [direct, own] = counts[estimator](k);
        return direct * through[i] + own * score[i];
      }),
    ),
  );
  return {
    bound,
    mean: byPosterior.slice(0, mean.length),
    logvar: byPosterior.slice(mean.length),
    decoderBias: x.map((_, f) => sum(samples.map(({ error }, k) => share[k] * error[f]))),
    decoderWeight: x.map((_, f) =>
      mean.map((_, j) => sum(samples.map(({ error, z }, k) => share[k] * error[f] * z[j]))),
    ),
  };
}

const rowsOf = (t: Tensor): number[][] => {
  const [rows, columns] = t.shape;
  return Array.from({ length: rows }, (_, i) => [...t.data.slice(i * columns, (i + 1) * columns)]);
};

describe.each(estimators)('the estimator %s', (estimator) => {
  it('is the formula of its paper, to 1e-9, in every gradient', () => {
    const vae = linear();
    const parameter = (name: string): Tensor => vae.namedParameters().get(name) ?? expect.unreachable();
    const x = uniformTensor([BATCH, FEATURES], 1, 0, 1);
    for (const samples of estimator === 'vimco' ? [2, 5] : [1, 2, 5]) {
      const epsilon = normal([samples, BATCH, LATENT], stream('epsilon', samples), { dtype: 'float64' });
      const baseline = 3.25;
      const found = objective(vae, x, epsilon, { objective: iwae({ estimator }), baseline });
      const gradients = backward(found.loss);
      const [means, logvars] = [rowsOf(found.mean), rowsOf(found.logvar)];
      const decoder = {
        weight: rowsOf(parameter('decoder.0.weight')),
        bias: [...parameter('decoder.0.bias').data],
      };
      const each = rowsOf(x).map((row, b) =>
        byHand(
          estimator,
          { mean: means[b], logvar: logvars[b] },
          row,
          rowsOf(epsilon.view([samples * BATCH, LATENT])).filter((_, i) => i % BATCH === b),
          decoder,
          baseline,
        ),
      );
      expect(found.loss.item()).toBeCloseTo(-sum(each.map(({ bound }) => bound)) / BATCH, 9);
      const expected: [Tensor, number[]][] = [
        [found.mean, each.flatMap(({ mean }) => mean)],
        [found.logvar, each.flatMap(({ logvar }) => logvar)],
        ...(['decoderBias', 'decoderWeight'] as const).map((name): [Tensor, number[]] => [
          parameter(name === 'decoderBias' ? 'decoder.0.bias' : 'decoder.0.weight'),
          each.reduce<number[]>((total, one) => one[name].flat().map((g, i) => g + (total[i] ?? 0)), []),
        ]),
        // The encoder is linear and logvar within its bound: the weights follow from the heads' gradients.
        ...(['mean', 'logvar'] as const).map((head): [Tensor, number[]] => [
          parameter(`${head}.weight`),
          Array.from({ length: LATENT * FEATURES }, (_, at) =>
            sum(each.map((one, b) => one[head][Math.floor(at / FEATURES)] * x.at(b, at % FEATURES))),
          ),
        ]),
      ];
      for (const [t, wanted] of expected) {
        const got = gradients.get(t).data;
        expect(got.length).toBe(wanted.length);
        wanted.forEach((g, i) => {
          const error = Math.abs(got[i] + g / BATCH) / Math.max(1, Math.abs(g));
          expect(error, `${t.label} ${i}, ${samples} samples`).toBeLessThan(1e-9);
        });
      }
    }
  });
});

/** Of many draws for one example: mean and standard error of the gradient by mean and logvar. */
function moments(vae: VAE, estimator: Estimator, samples: number, draws: number, baseline = 0, seed = 0) {
  const row = tensor([[1, 0, 0.3, 0.8].slice(0, vae.features)], { dtype: 'float64' });
  const x = concat(Array.from({ length: draws }, () => row));
  const epsilon = normal([samples, draws, vae.latent], stream(estimator, seed), { dtype: 'float64' });
  const found = objective(vae, x, epsilon, { objective: iwae({ estimator }), baseline });
  const gradients = backward(found.loss);
  return [found.mean, found.logvar].flatMap((t) => {
    const { data } = gradients.get(t);
    return Array.from({ length: vae.latent }, (_, j) => {
      const own = Array.from({ length: draws }, (_, i) => data[i * vae.latent + j] * draws);
      const mean = sum(own) / draws;
      const variance = sum(own.map((g) => (g - mean) ** 2)) / (draws - 1);
      return { mean, variance, error: Math.sqrt(variance / draws) };
    });
  });
}

/** The largest distance of two means in standard errors of their difference. */
const apart = (a: ReturnType<typeof moments>, b: ReturnType<typeof moments>): number =>
  Math.max(...a.map(({ mean, error }, i) => Math.abs(mean - b[i].mean) / Math.hypot(error, b[i].error)));

// 4 gradients in a comparison: 5 standard errors are passed by chance in one of 400,000.
describe('in expectation', () => {
  const DRAWS = 8_000;
  const vae = linear();
  const reference = new Map([1, 4].map((k) => [k, moments(vae, 'pathwise', k, 4 * DRAWS, 0, 9)]));
  const at = (samples: number) => reference.get(samples) ?? expect.unreachable();

  it.each([
    ['pathwise', 1],
    ['stl', 1],
    ['dreg', 1],
    ['score', 1],
    ['score-baseline', 1],
    ['pathwise', 4],
    ['dreg', 4],
    ['score', 4],
    ['score-baseline', 4],
    ['vimco', 4],
  ] as const)('%s with %i samples has the gradient of the bound', (estimator, samples) => {
    expect(apart(moments(vae, estimator, samples, DRAWS, 2.8), at(samples))).toBeLessThan(5);
  });

  it('sticking the landing has not, where there is more than one sample', () => {
    expect(apart(moments(vae, 'stl', 4, DRAWS), at(4))).toBeGreaterThan(10);
  });

  it('control variates lower the variance of the score function', () => {
    const total = (estimator: Estimator) =>
      sum(moments(vae, estimator, 4, 4000, 2.8).map(({ variance }) => variance));
    expect(total('vimco')).toBeLessThan(total('score-baseline'));
    expect(total('score-baseline')).toBeLessThan(total('score'));
  });
});

it('the doubly reparameterized gradient varies less near the optimum, with 64 samples', () => {
  const vae = new VAE(
    {
      encoder: mlp(1, []),
      posterior: gaussianPosterior({ latent: 1 }),
      decoder: mlp(1, []),
      likelihood: gaussianLikelihood({ mean: 'identity', sigma: 0.5 }),
    },
    { stream: stream('init'), dtype: 'float64' },
  );
  // x = 2 z + noise of deviation 1/2: the posterior has the precision 1 + 16, and q is near it.
  const near = { mean: 8 / 17 + 0.02, logvar: -Math.log(17) + 0.1 };
  const values: Record<string, number> = {
    'mean.weight': near.mean,
    'mean.bias': 0,
    'logvar.weight': 0,
    'logvar.bias': near.logvar,
    'decoder.0.weight': 2,
    'decoder.0.bias': 0,
  };
  for (const [name, t] of vae.namedParameters()) t.data.fill(values[name]);
  const [pathwise, dreg] = (['pathwise', 'dreg'] as const).map((one) => moments(vae, one, 64, 2000));
  for (const [i, { variance }] of dreg.entries()) expect(variance).toBeLessThan(pathwise[i].variance / 10);
});

describe.each(marginalCases())('with %s', (_, vae, data) => {
  const { x, labels } = examplesAt(vae, data, {
    first: 0,
    count: data.size,
    random: new Random(1),
    binarize: false,
  });
  const noise = (...leading: number[]): Tensor =>
    normal([...leading, data.size, vae.posterior.noise], stream('epsilon'), { dtype: 'float64' });

  it('one sample gives the ELBO with the KL at the sample', () => {
    const given = { labels };
    const one = objective(vae, x, noise(1), { ...given, objective: 'iwae' });
    const plain = objective(vae, x, noise(), { ...given, kl: 'sample' });
    expect(one.loss.item()).toBeCloseTo(plain.loss.item(), 11);
    const [g1, g2] = [backward(one.loss), backward(plain.loss)];
    for (const [name, t] of vae.namedParameters()) {
      const [a, b] = [g1.find(t)?.data ?? [], g2.find(t)?.data ?? []];
      expect(a.length, name).toBe(b.length);
      a.forEach((g, i) => {
        expect(g, name).toBeCloseTo(b[i], 10);
      });
    }
  });

  it('every estimator has one value, and one gradient by the decoder', () => {
    const epsilon = noise(3);
    const all = estimators.map((estimator) =>
      objective(vae, x, epsilon, { labels, objective: iwae({ estimator }) }),
    );
    const gradients = all.map(({ loss }) => backward(loss));
    const decoders = [...vae.decoder.namedParameters(), ...vae.likelihood.namedParameters()];
    for (const [e, { loss, kl, reconstruction }] of all.entries()) {
      expect(loss.item()).toBeCloseTo(all[0].loss.item(), 11);
      expect(kl.item()).toBe(all[0].kl.item());
      expect(reconstruction.item()).toBe(all[0].reconstruction.item());
      for (const [name, t] of decoders) {
        const expected = gradients[0].get(t).data;
        gradients[e].get(t).data.forEach((g, i) => {
          expect(g, `${estimators[e]}: ${name}`).toBeCloseTo(expected[i], 10);
        });
      }
    }
  });
});

it('refuses what has no meaning', () => {
  const vae = linear();
  const x = uniformTensor([BATCH, FEATURES], 1, 0, 1);
  const epsilon = uniformTensor([BATCH, LATENT], 2, -1, 1);
  const use = (estimator: Estimator) => ({ objective: iwae({ estimator }) });
  expect(() => objective(vae, x, epsilon, use('vimco'))).toThrow(
    "iwae: the estimator 'vimco' leaves one sample out; give 2 samples or more",
  );
  expect(() => objectiveOf(vae, x, vae.forward(x, epsilon), use('dreg'))).toThrow(
    'objectiveOf: this objective runs the model itself; use objective(...)',
  );
  expect(objectiveOf(vae, x, vae.forward(x, epsilon), use('stl')).loss.item()).toBe(
    objective(vae, x, epsilon, use('stl')).loss.item(),
  );
});
