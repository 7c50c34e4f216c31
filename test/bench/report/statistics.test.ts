import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fitPowerLaw, median, summarize } from '../../../bench/report/statistics.js';

/** Figures, not the ends of the number line: two of them can be added. */
const figure = fc.double({ min: -1e300, max: 1e300, noNaN: true }).map((x) => x || 0);
const numbers = fc.array(figure, { minLength: 1 });

describe('median', () => {
  it('is the middle of three and the mean of the middle two of four', () => {
    expect(median([9, 1, 5])).toBe(5);
    expect(median([9, 1, 5, 7])).toBe(6);
  });

  it('has as many values below it as above it, in any order', () => {
    fc.assert(
      fc.property(numbers, (values) => {
        const middle = median(values);
        const below = values.filter((x) => x < middle).length;
        const above = values.filter((x) => x > middle).length;
        expect(Math.max(below, above)).toBeLessThanOrEqual(values.length / 2);
        expect(median(values.toReversed())).toBe(middle);
      }),
    );
  });

  it('refuses an empty list', () => {
    expect(() => median([])).toThrow('median: there are no values');
  });
});

describe('summarize', () => {
  it('brackets the median and keeps the samples in order', () => {
    fc.assert(
      fc.property(numbers, (values) => {
        const summary = summarize(values);
        expect(summary.samples).toEqual(values);
        expect(values).toContain(summary.min);
        expect(values).toContain(summary.max);
        expect(values.every((x) => summary.min <= x && x <= summary.max)).toBe(true);
        expect(summary.median).toBeGreaterThanOrEqual(summary.min);
        expect(summary.median).toBeLessThanOrEqual(summary.max);
      }),
    );
  });
});

describe('fitPowerLaw', () => {
  it('finds exponent and factor of an exact power law', () => {
    const sizes = fc.uniqueArray(fc.integer({ min: 1, max: 4096 }), { minLength: 2, maxLength: 12 });
    fc.assert(
      fc.property(
        sizes,
        fc.double({ min: -3, max: 3, noNaN: true }),
        fc.double({ min: 1e-6, max: 1e6, noNaN: true }),
        (xs, exponent, factor) => {
          const law = fitPowerLaw(xs.map((x) => [x, factor * x ** exponent]));
          expect(law.exponent).toBeCloseTo(exponent, 6);
          expect(Math.log(law.factor)).toBeCloseTo(Math.log(factor), 4);
        },
      ),
    );
  });

  it('averages over noise: errors that cancel leave the exponent', () => {
    const noisy = [1, 1.1, 1 / 1.1, 1].map((error, i): [number, number] => [10 ** i, error * 100 ** i]);
    // The middle two lie either side of the line, so the slope falls by a known amount.
    expect(fitPowerLaw(noisy).exponent).toBeCloseTo(2 - (Math.log10(1.1) * 1) / 5, 12);
  });

  it('refuses what has no line or no logarithm', () => {
    expect(() => fitPowerLaw([[2, 1]])).toThrow('two of different x');
    expect(() =>
      fitPowerLaw([
        [2, 1],
        [2, 3],
      ]),
    ).toThrow('two of different x');
    expect(() =>
      fitPowerLaw([
        [1, 0],
        [2, 3],
      ]),
    ).toThrow('the point (1,0) has no logarithm');
  });
});
