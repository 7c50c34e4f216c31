import { describe, expect, it } from 'vitest';
import {
  benchDiscrete,
  discreteScore,
  drawEstimates,
  exactGradient,
  relaxation,
} from '../../../src/study/discrete/index.js';
import { Random } from '../../../src/tensor/random/index.js';
import { tinyBits } from './models.js';

const { point } = tinyBits();
const exact = exactGradient(point);
const DRAWS = 20_000;

/** The largest |mean - exact| of the 6 numbers in standard errors. */
function worstCoordinate(estimates: readonly Float64Array[]): number {
  return exact.reduce((worst, truth, i) => {
    const mean = estimates.reduce((sum, g) => sum + g[i], 0) / estimates.length;
    const squares = estimates.reduce((sum, g) => sum + (g[i] - mean) ** 2, 0);
    return Math.max(worst, Math.abs(mean - truth) / (Math.sqrt(squares) / estimates.length));
  }, 0);
}

describe('bits', () => {
  // 12 numbers, each beyond 5 by chance with a probability of 6e-7; the seed is fixed.
  it.each([[false], [true]])('have the score function without bias: with a baseline %s', (withBaseline) => {
    const stream = new Random(9).stream('u');
    const estimates = drawEstimates(point, discreteScore(withBaseline), stream, DRAWS, Float64Array.of(3, 5));
    expect(worstCoordinate(estimates)).toBeLessThan(5);
    expect(Math.hypot(...exact)).toBeGreaterThan(0.05);
  });

  it('have a relaxation with a bias that is noticed', () => {
    const estimates = drawEstimates(
      point,
      relaxation(1),
      new Random(9).stream('u'),
      DRAWS,
      new Float64Array(2),
    );
    expect(worstCoordinate(estimates)).toBeGreaterThan(10);
  });

  it('have a relaxation whose bias shrinks with the temperature while its variance grows', () => {
    const report = benchDiscrete(point, { samples: 8192, temperatures: [2, 1, 0.5, 0.25], seed: 3 });
    expect(report).toMatchObject({ samples: 8192, codes: 8 });
    expect(report.length).toBeCloseTo(Math.hypot(...exact), 12);
    const [score, baseline, ...relaxed] = report.estimators;
    expect(relaxed.map(({ temperature }) => temperature)).toEqual([2, 1, 0.5, 0.25]);
    for (let t = 1; t < relaxed.length; t++) {
      const [warm, cool] = [relaxed[t - 1], relaxed[t]];
      // The mean is off by a biasError or so: 5 of both together leave no doubt.
      expect(warm.bias - cool.bias).toBeGreaterThan(5 * Math.hypot(warm.biasError, cool.biasError));
      expect(cool.variance).toBeGreaterThan(1.3 * warm.variance);
    }
    for (const { bias, biasError, temperature } of [score, baseline]) {
      expect(temperature).toBeNull();
      expect(bias).toBeLessThan(4 * biasError);
    }
    expect(baseline.variance).toBeLessThan(score.variance);
    expect(relaxed[0].variance).toBeLessThan(baseline.variance);
  });

  it('have the same numbers for the same seed', () => {
    const run = (seed: number) => benchDiscrete(point, { samples: 16, temperatures: [1], seed });
    expect(run(1)).toEqual(run(1));
    expect(run(1)).not.toEqual(run(2));
    expect(() => benchDiscrete(point, { samples: 1 })).toThrow(/samples is 1/);
    expect(() => relaxation(0)).toThrow(/temperature is 0/);
  });
});
