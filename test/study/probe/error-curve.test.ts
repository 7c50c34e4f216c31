import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { errorCurve, errorCurvePoints } from '../../../src/study/probe/index.js';
import { fitLine } from '../../../src/study/probe/slopes.js';
import { smallPoint } from './models.js';

describe('the error against the step', () => {
  const { vae, x, epsilon } = smallPoint({ config: { features: 20, hidden: [8] } });

  it.each(['z', 'logvar', 'encoder.0.weight', 'decoder.2.bias'])(
    'is a V with slopes 2 and -1 for a smooth model: %s',
    (target) => {
      const { points, best, truncation, rounding } = errorCurve(vae, x, epsilon, target);
      expect(points).toHaveLength(34);
      expect(points[0].error).toBeGreaterThan(1000 * best.error);
      expect(points[33].error).toBeGreaterThan(1000 * best.error);
      expect(best.step).toBeGreaterThan(1e-8);
      expect(best.step).toBeLessThan(1e-3);
      expect(truncation?.slope).toBeGreaterThan(1.9);
      expect(truncation?.slope).toBeLessThan(2.1);
      expect(rounding?.slope).toBeGreaterThan(-1.3);
      expect(rounding?.slope).toBeLessThan(-0.7);
    },
  );

  it('has no V where epsilon is not held: the shorter the step, the worse', () => {
    const { points, truncation } = errorCurve(vae, x, epsilon, 'z', { holdEpsilon: false });
    expect(truncation).toBe(null);
    for (const { error } of points.slice(6)) expect(error).toBeGreaterThan(0.1);
    expect(Math.abs(points[33].numeric)).toBeGreaterThan(1e6 * Math.abs(points[0].numeric));
  });

  it('counts the kinks that a step crosses: fewer for a shorter one, and none in the end', () => {
    const bent = smallPoint({ config: { hidden: [60], activation: 'relu' } });
    const { points } = errorCurve(bent.vae, bent.x, bent.epsilon, 'z');
    expect(points[0].kinks).toBeGreaterThan(0);
    expect(points.at(-1)?.kinks).toBe(0);
    points.slice(1).forEach(({ kinks }, i) => {
      expect(kinks).toBeLessThanOrEqual(points[i].kinks);
    });
  });

  it('takes the element and the steps that are asked for, the longest first', () => {
    const { points } = errorCurve(vae, x, epsilon, 'z', { element: 3, steps: [1e-5, 1e-3] });
    expect(points.map(({ element, step }) => [element, step])).toEqual([
      [3, 1e-3],
      [3, 1e-5],
    ]);
    expect([...errorCurvePoints(vae, x, epsilon, 'z', { element: 3, steps: [1e-5, 1e-3] })]).toEqual(points);
  });

  it('refuses what makes no sense', () => {
    expect(() => errorCurve(vae, x, epsilon, 'z', { element: 6 })).toThrow('an element is 6');
    expect(() => errorCurve(vae, x, epsilon, 'z', { steps: [] })).toThrow('no steps');
    expect(() => errorCurve(vae, x, epsilon, 'z', { steps: [2] })).toThrow('step is 2');
  });
});

describe('fitLine', () => {
  it('finds the line that points were taken from', () => {
    const number = fc.double({ min: -3, max: 3, noNaN: true });
    fc.assert(
      fc.property(number, number, fc.integer({ min: 4, max: 20 }), (slope, log, count) => {
        const points = Array.from({ length: count }, (_, i) => {
          const step = 10 ** -i;
          return { step, error: Math.exp(log) * step ** slope };
        });
        const line = fitLine(points);
        expect(line?.slope).toBeCloseTo(slope, 9);
        expect(Math.log(line?.factor ?? 0)).toBeCloseTo(log, 6);
      }),
    );
  });

  it('is not drawn through a few points, or points above one another', () => {
    expect(fitLine([{ step: 1, error: 1 }])).toBe(null);
    expect(fitLine(Array.from({ length: 5 }, (_, i) => ({ step: 1, error: i + 1 })))).toBe(null);
  });
});
