import { describe, expect, it } from 'vitest';
import { add, mul, stopGradient, sub, sum } from '../../../src/autograd/index.js';
import {
  benchEstimators,
  decoderNoise,
  type Estimator,
  EstimatorBench,
  estimatorNamed,
  estimatorNames,
  estimators,
  logNormal,
  measureCost,
  vaePoint,
} from '../../../src/study/estimators/index.js';
import { Random } from '../../../src/tensor/random/index.js';
import { gaussianKl } from '../../../src/vae/kl.js';
import { reparameterize } from '../../../src/vae/reparameterize.js';
import { tinyVae } from './points.js';

/**
 * The bound on everything compared in standard errors here. By chance one normal number is beyond it with a probability of 6e-7;
 * the seeds are fixed, so it either is or is not.
 */
const BOUND = 5;
const SAMPLES = 4096;
const { vae, x } = tinyVae();
const point = vaePoint(vae, x);

/** Wrong on purpose: the sample is detached, so that only the KL reaches the encoder. */
const detached: Estimator = {
  name: 'detached',
  title: 'detached sample',
  about: 'wrong',
  differentiatesDecoder: false,
  surrogate: ({ mean, logvar, epsilon, beta, reconstruction }) =>
    add(
      reconstruction(stopGradient(reparameterize(mean, logvar, epsilon))),
      mul(sum(gaussianKl(mean, logvar), { axes: 1 }), beta),
    ),
};
/** Wrong on purpose: the score function of the reconstruction alone, without that of the KL. */
const withoutKl: Estimator = {
  name: 'without-kl',
  title: 'no score of the KL',
  about: 'wrong',
  differentiatesDecoder: false,
  surrogate: ({ mean, logvar, epsilon, reconstruction, baseline }) => {
    const z = stopGradient(reparameterize(mean, logvar, epsilon));
    return mul(stopGradient(sub(reconstruction(z), baseline)), logNormal(z, mean, logvar));
  },
};

const all = [...estimatorNames.map((name) => estimators[name]), detached, withoutKl];
const bench = new EstimatorBench(point, { seed: 11, estimators: all });
bench.extendReference(4 * SAMPLES);
const drawn = bench.draw(SAMPLES);
const report = bench.report();
const findingsOf = (name: string) => report.estimators.find((found) => found.name === name)?.groups ?? [];
const right = estimatorNames.map((name) => [name] as const);

/** The largest |mean - reference| of any coordinate in standard errors; the reference's error is counted as pathwise's is. */
function worstCoordinate(name: string): number {
  const reference = bench.referenceGradient();
  const moments = (of: string, i: number) => {
    const values = drawn.get(of)?.map((v) => v[i]) ?? [];
    const mean = values.reduce((a, b) => a + b, 0) / values.length;
    const squares = values.reduce((a, b) => a + (b - mean) ** 2, 0);
    return { mean, ofMean: squares / (values.length - 1) / values.length };
  };
  return reference.reduce((worst, g, i) => {
    const { mean, ofMean } = moments(name, i);
    const error = Math.sqrt(ofMean + moments('pathwise', i).ofMean / 4);
    return Math.max(worst, Math.abs(mean - g) / error);
  }, 0);
}

describe('estimators of the ELBO´s gradient', () => {
  it.each(right)('%s agrees with the reference, along it and in every coordinate', (name) => {
    expect(findingsOf(name).length).toBe(5);
    for (const { biasInErrors, biasError, distanceInErrors } of findingsOf(name)) {
      expect(biasError).toBeGreaterThan(0);
      expect(Math.abs(biasInErrors)).toBeLessThan(BOUND);
      expect(distanceInErrors).toBeLessThan(BOUND);
    }
    expect(worstCoordinate(name)).toBeLessThan(BOUND);
  });

  it.each([['detached'], ['without-kl']])('%s does not, and it is noticed', (name) => {
    const worst = Math.max(...findingsOf(name).map(({ biasInErrors }) => Math.abs(biasInErrors)));
    expect(worst).toBeGreaterThan(3 * BOUND);
    expect(worstCoordinate(name)).toBeGreaterThan(3 * BOUND);
  });

  it('vary least by the trick, most by the score function; a baseline is between', () => {
    for (const [m, { group, variance }] of findingsOf('pathwise').entries()) {
      const other = (name: string) => findingsOf(name)[m].variance;
      expect(group).toBe(findingsOf('score')[m].group);
      expect(other('score')).toBeGreaterThan(100 * variance);
      expect(other('score-baseline')).toBeGreaterThan(10 * variance);
      expect(other('score-baseline')).toBeLessThan(0.5 * other('score'));
      expect(other('sticking')).toBeLessThan(other('pathwise-mc'));
      expect(findingsOf('score')[m].drawsForOne).toBe(other('score') / variance);
    }
  });

  it.each(right)('%s varies by 1 / K, and points better with more', (name) => {
    for (const { at, variance } of findingsOf(name)) {
      expect(at.map(({ samples }) => samples)).toEqual(Array.from({ length: 13 }, (_, k) => 2 ** k));
      for (const { samples, averages, variance: measured, expectedVariance } of at) {
        expect(averages).toBe(SAMPLES / samples);
        expect(expectedVariance).toBe(variance / samples);
        // With this many averages the measured variance is within a third of the true one (5 standard errors or so).
        if (averages >= 256) expect(Math.abs(measured / expectedVariance - 1)).toBeLessThan(0.35);
      }
      // Not by every doubling: a single draw of the score function has tails that few averages have.
      expect(at[12].cosine).toBeGreaterThan(at[0].cosine);
      expect(at[12].cosine).toBeGreaterThan(0.5);
      expect(at[2].signalToNoise).toBeCloseTo(2 * at[0].signalToNoise, 10);
    }
  });

  it('tell beta apart: the reference for one is not that of another', () => {
    const other = new EstimatorBench(point, { seed: 11, beta: 4 });
    other.extendReference(64);
    const off = other.referenceGradient().map((g, i) => g - bench.referenceGradient()[i]);
    expect(Math.max(...off.map(Math.abs))).toBeGreaterThan(0.01);
  });
});

describe('benchEstimators', () => {
  it('is the bench in one go', () => {
    const whole = benchEstimators(point, { seed: 2, samples: 32, estimators: [estimators.score] });
    expect(whole).toMatchObject({ samples: 32, referenceSamples: 128 });
    expect(whole.estimators.map(({ name }) => name)).toEqual(['score']);
    expect(whole.estimators[0].groups[0].drawsForOne).toBe(1);
    expect(() => benchEstimators(point, { samples: 0 })).toThrow(/samples is 0/);
    expect(() => benchEstimators(point, { reference: 31 })).toThrow(/reference is 31/);
    expect(() => estimatorNamed('reinforce')).toThrow(/there are pathwise, pathwise-mc/);
    expect(estimatorNamed('score')).toBe(estimators.score);
  });
});

describe('the decoder´s gradient', () => {
  it('varies, and has the size of the decoder', () => {
    const noise = decoderNoise(vae, x, { samples: 256, seed: 1 });
    expect(noise.size).toBe(vae.decoder.parameterCount);
    expect(noise.variance).toBeGreaterThan(0);
    const more = decoderNoise(vae, x, { samples: 1024, seed: 2 });
    expect(more.variance / noise.variance).toBeGreaterThan(0.7);
    expect(more.variance / noise.variance).toBeLessThan(1.4);
    expect(more.length / noise.length).toBeCloseTo(1, 1);
    expect(() => decoderNoise(vae, x, { samples: 1 })).toThrow(RangeError);
    const learned = tinyVae({ likelihood: 'gaussian', learnSigma: true }).vae;
    expect(decoderNoise(learned, x, { samples: 2 }).size).toBe(learned.decoder.parameterCount + 1);
  });
});

describe('measureCost', () => {
  it('counts passes, and takes the least of the times per draw', () => {
    let now = 0;
    const ticks = [50, 8, 4, 16];
    const clock = () => {
      now += ticks[0];
      ticks.push(ticks.shift() ?? 0);
      return now;
    };
    const cost = measureCost(point, estimators.score, new Random(0).stream('cost'), {
      draws: 2,
      repeats: 1,
      clock,
    });
    // The clock goes 50, 58, 62, 78: the runs take 8 and 16.
    expect(cost).toEqual({ forward: 1, backward: 0, seconds: 0.004 });
    expect(measureCost(point, estimators.pathwise, new Random(0).stream('cost'), { clock }).backward).toBe(1);
  });
});
