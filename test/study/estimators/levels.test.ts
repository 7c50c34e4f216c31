import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Levels } from '../../../src/study/estimators/levels.js';
import { dot, GramMetric } from '../../../src/study/estimators/metric.js';
import { Reference } from '../../../src/study/estimators/reference.js';

const between = fc.double({ min: -2, max: 2, noNaN: true });
const vector = (n: number) =>
  fc.array(between, { minLength: n, maxLength: n }).map((v) => Float64Array.from(v));

/** A A^T for A [n, n]. */
const gramOf = (a: Float64Array, n: number): Float64Array =>
  Float64Array.from({ length: n * n }, (_, at) => {
    const [i, j] = [Math.floor(at / n), at % n];
    return dot(a.subarray(i * n, (i + 1) * n), a.subarray(j * n, (j + 1) * n));
  });

describe('Levels', () => {
  it('has the mean, variance and cosine of the averages of 2^k estimates, as worked out from all of them', () => {
    fc.assert(
      fc.property(
        vector(9),
        vector(3),
        fc.array(vector(3), { minLength: 4, maxLength: 13 }),
        (a, reference, estimates) => {
          const gram = gramOf(a, 3);
          const metric = new GramMetric('g', 3, gram);
          const inner = (u: Float64Array, v: Float64Array): number => {
            const image = new Float64Array(3);
            metric.times(v, image);
            return dot(u, image);
          };
          const image = new Float64Array(3);
          metric.times(reference, image);
          const length = Math.sqrt(Math.max(0, inner(reference, reference)));
          const levels = new Levels(reference, [{ metric, image, length }]);
          for (const estimate of estimates) levels.add(estimate);

          let averages = estimates;
          for (let at = 0; at < levels.size; at++) {
            const count = averages.length;
            const mean = reference.map((_, i) => averages.reduce((sum, v) => sum + v[i], 0) / count);
            const off = (v: Float64Array, from: Float64Array) => v.map((g, i) => g - from[i]);
            const squares = averages.reduce((sum, v) => sum + inner(off(v, mean), off(v, mean)), 0);
            const spread = levels.spread(at, 0);
            expect(spread.count).toBe(count);
            if (count >= 2) expect(spread.variance).toBeCloseTo(squares / (count - 1), 8);
            else expect(spread.variance).toBeNaN();
            expect(spread.distance).toBeCloseTo(inner(off(mean, reference), off(mean, reference)), 8);
            if (length > 1e-3) {
              expect(spread.bias).toBeCloseTo(inner(off(mean, reference), reference) / length, 8);
              const cosines = averages.map((v) => {
                const own = Math.sqrt(Math.max(0, inner(v, v)));
                return own < 1e-3 ? Number.NaN : inner(v, reference) / (own * length);
              });
              const cosine = cosines.reduce((sum, c) => sum + c, 0) / count;
              if (Number.isFinite(cosine)) expect(spread.cosine).toBeCloseTo(cosine, 5);
            }
            averages = Array.from({ length: Math.floor(count / 2) }, (_, i) =>
              averages[2 * i].map((g, j) => (g + averages[2 * i + 1][j]) / 2),
            );
          }
          expect(averages.length).toBe(0);
        },
      ),
    );
  });
});

describe('Reference', () => {
  it('has the mean of its blocks, and an error that falls as they get more', () => {
    const metric = new GramMetric('g', 1, Float64Array.of(1));
    const errorOf = (draws: number): number => {
      const reference = new Reference(1, 1);
      for (let i = 0; i < draws; i++)
        reference.add(Float64Array.of(3 + Math.sin(i * i)), Float64Array.of(i % 2));
      expect(reference.mean()[0]).toBeGreaterThan(2.5);
      expect(reference.mean()[0]).toBeLessThan(3.5);
      expect(reference.meanLosses()[0]).toBe(0.5);
      const { length, error } = reference.yardstick(metric);
      expect(length).toBe(reference.mean()[0]);
      expect(error.varianceAlong).toBeCloseTo(error.variance, 12);
      return error.variance;
    };
    expect(errorOf(64)).toBeGreaterThan(4 * errorOf(4096));
    const short = new Reference(1, 1);
    short.add(Float64Array.of(1), Float64Array.of(1));
    expect(() => short.mean()).toThrow(/1 draws; it needs at least 32/);
  });
});
