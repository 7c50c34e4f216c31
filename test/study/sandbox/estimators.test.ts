import { describe, expect, it } from 'vitest';
import { benchEstimators, EstimatorBench } from '../../../src/study/estimators/index.js';
import { elboGradients, fitEncoder, linearGaussianPoint } from '../../../src/study/sandbox/index.js';
import { sandbox } from './models.js';

describe('estimators where everything is known', () => {
  it('have the closed-form gradient as their mean', () => {
    const { model, x } = sandbox();
    const bench = new EstimatorBench(linearGaussianPoint(model, x));
    bench.extendReference(4096);
    bench.draw(2048);
    const closed = elboGradients(model, x).get('encoderBias') ?? [];
    const reference = bench.referenceGradient();
    const { estimators } = bench.report();
    for (let j = 0; j < 2; j++) {
      // The bias of the encoder moves every mean.
      const summed = [0, 1, 2, 3].reduce((total, b) => total + reference[b * 2 + j], 0);
      const { variance } = estimators[0].groups[0];
      expect(Math.abs(summed - closed[j])).toBeLessThan(5 * Math.sqrt((4 * variance) / 4096));
      expect(Math.abs(closed[j])).toBeGreaterThan(0.1);
    }
    // 10 numbers, each beyond 5 with a probability of 6e-7; the seed is fixed.
    for (const { groups } of estimators) {
      for (const { biasInErrors } of groups) expect(Math.abs(biasInErrors)).toBeLessThan(5);
    }
  });

  it('let sticking the landing vary by nothing where q is the posterior, and no other', () => {
    const { model, x } = sandbox({ orthogonal: true });
    const varianceOf = (name: string) => {
      const report = benchEstimators(linearGaussianPoint(model, x), { samples: 64, reference: 64 });
      return (
        report.estimators.find((found) => found.name === name)?.groups.map(({ variance }) => variance) ?? []
      );
    };
    expect(Math.min(...varianceOf('sticking'))).toBeGreaterThan(1e-3);
    fitEncoder(model);
    expect(varianceOf('sticking').length).toBe(2);
    expect(Math.max(...varianceOf('sticking'))).toBeLessThan(1e-20);
    for (const other of ['pathwise', 'pathwise-mc', 'score', 'score-baseline']) {
      expect(Math.min(...varianceOf(other))).toBeGreaterThan(1e-3);
    }
  });
});
