import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { linearTicks, logTicks } from '../../src/study/ticks.js';

const number = fc.double({ min: -1e6, max: 1e6, noNaN: true });

describe('linearTicks', () => {
  it('are a few round numbers, all inside', () => {
    const width = fc.double({ min: 1e-6, max: 1e6, noNaN: true });
    fc.assert(
      fc.property(number, width, fc.integer({ min: 3, max: 8 }), (low, width, count) => {
        const ticks = linearTicks(low, low + width, count);
        expect(ticks.length).toBeGreaterThanOrEqual(Math.floor(count / 2));
        expect(ticks.length).toBeLessThanOrEqual(2 * count + 1);
        const slack = 1e-9 * (Math.abs(low) + width);
        for (const tick of ticks) {
          expect(tick).toBeGreaterThanOrEqual(low - slack);
          expect(tick).toBeLessThanOrEqual(low + width + slack);
        }
      }),
    );
  });

  it('are multiples of 1, 2 or 5 times a power of ten', () => {
    expect(linearTicks(-2.3, 3.1)).toEqual([-2, -1, 0, 1, 2, 3]);
    expect(linearTicks(0.11, 0.42)).toEqual([0.15, 0.2, 0.25, 0.3, 0.35, 0.4]);
    expect(linearTicks(-1234, 880)).toEqual([-1000, -500, 0, 500]);
    expect(linearTicks(-1.5, 1.5, 4)).toEqual([-1, 0, 1]);
  });
});

describe('logTicks', () => {
  it('are evenly spaced powers of ten, at most as many as there is room for', () => {
    const ends = fc.tuple(fc.integer({ min: -12, max: 3 }), fc.integer({ min: 2, max: 16 }));
    fc.assert(
      fc.property(ends, fc.integer({ min: 2, max: 20 }), ([first, decades], most) => {
        const exponents = logTicks(10 ** first, 10 ** (first + decades), most).map(Math.log10);
        expect(exponents.length).toBeGreaterThan(0);
        expect(exponents.length).toBeLessThanOrEqual(most + 1);
        const steps = exponents.slice(1).map((exponent, i) => exponent - exponents[i]);
        for (const step of steps) expect(step).toBeCloseTo(Math.max(1, Math.ceil(decades / most)), 9);
      }),
    );
  });

  it('are 2 and 5 times the powers as well where there are few powers', () => {
    expect(logTicks(1, 6)).toEqual([1, 2, 5]);
    expect(logTicks(0.1, 1)).toEqual([0.1, 0.2, 0.5, 1]);
    expect(logTicks(3, 40)).toEqual([5, 10, 20]);
  });
});

it('never leaves an axis with one tick, which would not say how far anything is', () => {
  const ratio = fc.double({ min: 1.01, max: 1e6, noNaN: true });
  const low = fc.double({ min: 1e-6, max: 1e6, noNaN: true });
  fc.assert(
    fc.property(low, ratio, fc.integer({ min: 1, max: 10 }), (from, factor, count) => {
      for (const ticks of [logTicks, linearTicks]) {
        const found = ticks(from, from * factor, count);
        expect(new Set(found).size).toBeGreaterThanOrEqual(2);
        for (const tick of found) {
          expect(tick).toBeGreaterThanOrEqual(from * (1 - 1e-8));
          expect(tick).toBeLessThanOrEqual(from * factor * (1 + 1e-8));
        }
      }
    }),
  );
  expect(logTicks(210, 290)).toEqual([220, 240, 260, 280]);
});
