import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { tensorDataset } from '../../src/data/index.js';
import { backward, normal, Random, scope, Tensor, uniform } from '../../src/index.js';
import { Adam, type Module } from '../../src/nn.js';
import { fitEncoder, LinearGaussianVae, truthOf } from '../../src/study/index.js';
import type { PartSpec } from '../../src/vae/parts/registry.js';
import {
  bernoulliLikelihood,
  evaluate,
  fullGaussianPosterior,
  gaussianLikelihood,
  gaussianPosterior,
  type MarginalState,
  marginalLikelihood,
  marginalLikelihoodParts,
  mlp,
  objective,
  VAE,
} from '../../src/vae.js';
import { marginalCases } from './marginal-cases.js';

const wide = { dtype: 'float64' } as const;
const stream = (name: string, seed = 0) => new Random(seed).stream(name);
const random = new Random(7);

/** Copies values from some parameters to others by their names. */
function copyValues(from: Module, to: Module, names: Readonly<Record<string, string>>): void {
  const [source, target] = [from.namedParameters(), to.namedParameters()];
  for (const [own, other] of Object.entries(names))
    target.get(other)?.data.set(source.get(own)?.data ?? expect.unreachable(own));
}

/** A VAE of one linear layer each way. */
const linearVae = (posterior: PartSpec, features: number): VAE =>
  new VAE(
    {
      encoder: mlp(features, []),
      posterior,
      decoder: mlp(Number(posterior.latent), []),
      likelihood: gaussianLikelihood({ mean: 'identity', scale: 'learned', sigma: 0.7 }),
    },
    { stream: stream('init', 3), ...wide },
  );

/** The model of the same p(x), whose closed forms are known. */
function closedForm(vae: VAE): LinearGaussianVae {
  const { features, latent } = vae;
  const closed = new LinearGaussianVae({ features, latent, stream: stream('init') });
  copyValues(vae, closed, {
    'decoder.0.weight': 'weight',
    'decoder.0.bias': 'bias',
    'likelihood.logsigma': 'logsigma',
  });
  return closed;
}

/** Gives the encoder the mean of the true posterior, and the variance of each dimension given the others. */
function fitted(vae: VAE, prefix = ''): VAE {
  const closed = closedForm(vae);
  fitEncoder(closed);
  vae.namedParameters().get(`${prefix}logvar.weight`)?.data.fill(0);
  copyValues(closed, vae, {
    encoderWeight: `${prefix}mean.weight`,
    encoderBias: `${prefix}mean.bias`,
    logvar: `${prefix}logvar.bias`,
  });
  return vae;
}

const average = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;
/** log p(x), a mean over examples. */
const evidenceOf = (vae: VAE, x: Tensor): number =>
  average(truthOf(closedForm(vae), x).map(({ evidence }) => evidence));

describe('the marginal likelihood of a linear-Gaussian VAE', () => {
  const x = normal([3, 5], stream('x'), wide);
  const data = tensorDataset(x);

  it.each([
    ['', gaussianPosterior({ latent: 1 })],
    ['posterior.', fullGaussianPosterior({ latent: 1 })],
  ])('is that of the closed form in every sample where q is the posterior (%s)', (prefix, posterior) => {
    const vae = fitted(linearVae(posterior, 5), prefix);
    const truth = evidenceOf(vae, x);
    const found = marginalLikelihood(vae, data, { random, samples: 60, bounds: [1, 7] });
    expect(found.logLikelihood.value).toBeCloseTo(truth, 9);
    for (const { value } of found.bounds) expect(value).toBeCloseTo(truth, 9);
    expect(found.effectiveSamples.least).toBeCloseTo(60, 6);
    expect(found.logLikelihood.samplingError).toBeLessThan(1e-7);
    expect(found.bitsPerDimension).toBeCloseTo(-truth / 5 / Math.log(2), 9);
  });

  it('is found within the error that it states, over many seeds', () => {
    const vae = fitted(linearVae(gaussianPosterior({ latent: 2 }), 5));
    const truth = evidenceOf(vae, x);
    const deviations = Array.from({ length: 30 }, (_, seed) => {
      const found = marginalLikelihood(vae, data, { random: new Random(seed), samples: 500 });
      const { value, samplingError, bias } = found.logLikelihood;
      expect(samplingError).toBeGreaterThan(1e-4);
      expect(bias).toBeLessThan(0.01);
      return (value + bias - truth) / samplingError;
    });
    for (const deviation of deviations) expect(Math.abs(deviation)).toBeLessThan(4.5);
    // The mean square of 30 standard normal draws is within 0.6 of 1 by more than two of its standard errors.
    const meanSquare = average(deviations.map((deviation) => deviation ** 2));
    expect(Math.abs(meanSquare - 1)).toBeLessThan(0.6);
  });

  it('lies above its bounds, which rise with K', () => {
    const vae = linearVae(gaussianPosterior({ latent: 2 }), 5);
    const bounds = [1, 3, 10, 64];
    const found = marginalLikelihood(vae, data, { random, samples: 3200, bounds });
    expect(found.bounds.map(({ k }) => k)).toEqual(bounds);
    // The groups of 3 are not parts of those of 10, nor these of those of 64: no inequality orders these samples.
    const values = [...found.bounds.map(({ value }) => value), evidenceOf(vae, x)];
    for (const [i, value] of values.slice(1).entries()) expect(value - values[i]).toBeGreaterThan(0.01);
  });

  it('comes to the optimum of probabilistic PCA by training', () => {
    const [features, latent] = [5, 2];
    const vae = linearVae(gaussianPosterior({ latent }), features);
    // 10 examples whose covariance has these eigenvalues, along the columns of a reflection.
    const eigenvalues = [4, 2, 0.4, 0.3, 0.2];
    const rows = eigenvalues.flatMap((value, i) =>
      [1, -1].map((sign) =>
        eigenvalues.map((_, j) => sign * Math.sqrt(features * value) * ((i === j ? 1 : 0) - 2 / features)),
      ),
    );
    const examples = new Tensor(Float64Array.from(rows.flat()), [rows.length, features]);
    const kept = eigenvalues.slice(0, latent);
    const variance = average(eigenvalues.slice(latent));
    // Tipping & Bishop 1999, equations 3 and 8: the covariance has the kept eigenvalues, and the mean of the others.
    const optimum =
      -0.5 *
      (features * Math.log(2 * Math.PI) +
        kept.reduce((total, value) => total + Math.log(value), 0) +
        (features - latent) * Math.log(variance) +
        features);
    const noise = stream('noise');
    for (const [steps, learningRate] of [
      [350, 0.04],
      [200, 0.004],
    ]) {
      const adam = new Adam(vae.namedParameters(), { learningRate });
      for (let i = 0; i < steps; i++) {
        scope(() => {
          const { loss } = objective(vae, examples, normal([rows.length, latent], noise, wide));
          adam.step(backward(loss));
        });
      }
    }
    const reached = evidenceOf(vae, examples);
    expect(reached).toBeLessThan(optimum + 1e-9);
    expect(optimum - reached).toBeLessThan(0.02);
    const { logLikelihood, elbo } = marginalLikelihood(vae, tensorDataset(examples), {
      random,
      samples: 400,
    });
    expect(Math.abs(logLikelihood.value + logLikelihood.bias - reached)).toBeLessThan(
      4 * logLikelihood.samplingError + 1e-9,
    );
    expect(optimum - elbo.value).toBeLessThan(0.1);
  });
});

/** A small Bernoulli VAE in float32, and gray data. */
const small = () =>
  new VAE(
    {
      encoder: mlp(12, [6]),
      posterior: gaussianPosterior({ latent: 3 }),
      decoder: mlp(3, [6]),
      likelihood: bernoulliLikelihood(),
    },
    { stream: stream('init') },
  );
const gray = tensorDataset(uniform([7, 12], stream('gray')));

describe('marginalLikelihood', () => {
  it('is the same to the last bit for every batch size, and goes on from anywhere', () => {
    const vae = small();
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 40 }),
        fc.integer({ min: 1, max: 90 }),
        fc.nat(20),
        fc.boolean(),
        (samples, batchSize, stop, binarize) => {
          const options = { random, samples, binarize };
          const whole = marginalLikelihood(vae, gray, options);
          const parts = marginalLikelihoodParts(vae, gray, { ...options, batchSize });
          let from: MarginalState | undefined;
          for (let i = 0; i < stop; i++) {
            const { value, done } = parts.next();
            if (done === true) break;
            from = JSON.parse(JSON.stringify(value.state()));
          }
          expect(marginalLikelihood(vae, gray, { ...options, batchSize: 1 + stop, from })).toEqual(whole);
        },
      ),
      { numRuns: 25 },
    );
  });

  it('has the same noise for a sample however many there are', () => {
    const vae = small();
    const one = tensorDataset(uniform([1, 12], stream('gray')));
    const of = (samples: number, k: number) => marginalLikelihood(vae, one, { random, samples, bounds: [k] });
    const half = of(4, 4).logLikelihood.value;
    const whole = of(8, 4);
    // What the other half must be for all 8 to come to their mean.
    const rest = Math.log(2 * Math.exp(whole.logLikelihood.value) - Math.exp(half));
    expect(whole.bounds[0].value).toBeCloseTo((half + rest) / 2, 9);
    expect(rest).not.toBeCloseTo(half, 3);
  });

  it('agrees with evaluate on what both measure', () => {
    const vae = small();
    const found = marginalLikelihood(vae, gray, { random, samples: 4000, bounds: [1] });
    const other = evaluate(vae, gray, { random });
    expect(found.kl).toBeCloseTo(other.kl, 5);
    expect(found.klPerDimension).toHaveLength(3);
    expect(found.activeUnits).toBe(other.activeUnits);
    expect(found.elbo.value).toBeCloseTo(found.bounds[0].value, 1);
    expect(found.elbo.value).toBeCloseTo(-found.reconstruction.value - found.kl, 8);
    const binarized = marginalLikelihood(vae, gray, { random, samples: 10, binarize: true });
    expect(binarized.squaredError.value).toBeGreaterThan(found.squaredError.value);
  });

  it.each(marginalCases())('takes a model with the %s', (_, vae, data) => {
    const samples = 600;
    const found = marginalLikelihood(vae, data, { random, samples, bounds: [1, 600] });
    const { elbo, bounds, logLikelihood } = found;
    expect(bounds[1].value).toBeCloseTo(logLikelihood.value, 9);
    expect(logLikelihood.value).toBeGreaterThanOrEqual(bounds[0].value);
    // The KL by its formula, where there is one, is what the samples say.
    expect(Math.abs(elbo.value - bounds[0].value)).toBeLessThan(0.25);
    expect(found.kl).toBeCloseTo(
      found.klPerDimension.reduce((a, b) => a + b, 0),
      10,
    );
    expect(found.effectiveSamples.least).toBeLessThanOrEqual(samples * (1 + 1e-6));
  });

  it('refuses what it cannot evaluate', () => {
    const vae = small();
    const run = (options: object, data: object = gray) =>
      Reflect.apply(marginalLikelihood, undefined, [vae, data, { random, ...options }]);
    expect(() => run({ samples: 0 })).toThrow(
      /marginalLikelihood: samples is 0; it must be an integer from 1/,
    );
    expect(() => run({ samples: 20, bounds: [5, 50] })).toThrow(
      /a bound of 50 samples needs as many, but samples is 20/,
    );
    expect(() => run({ random: 3 })).toThrow(/marginalLikelihood: random is a number/);
    expect(() => run({}, { ...gray, size: 0 })).toThrow(/the data set has 0 examples/);
    expect(() => run({}, { ...gray, features: 11 })).toThrow(
      /an example has 11 numbers, but the VAE takes 12/,
    );
    expect(() => run({}, tensorDataset(new Tensor(new Float32Array(24).fill(2), [2, 12])))).toThrow(
      /the bernoulli likelihood takes values from 0 to 1, but element 0 of example 0 is 2/,
    );
    const stale = { moments: { count: 3, mean: [1, 2], squares: [0, 0] }, leastEffective: 1 };
    expect(() => run({ from: stale })).toThrow(/from is the state of another model/);
    vae.namedParameters().get('decoder.2.bias')?.data.fill(Number.NaN);
    expect(() => run({ samples: 2 })).toThrow(/elbo of example 0 is NaN; the model has diverged/);
  });
});
