import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { logTicks } from '../../../src/page/ui/log-ticks.js';

/** 1, 2, ... 9, 10, 20, ... as a chart offers them. */
const splitsOf = (least: number, decades: number): number[] => [
  ...Array.from({ length: decades * 9 }, (_, i) => ((i % 9) + 1) * 10 ** (least + Math.floor(i / 9))),
  10 ** (least + decades),
];

describe('numbers on a logarithmic axis', () => {
  it('are powers of ten with room between them', () => {
    const range = fc.tuple(fc.integer({ min: -12, max: 3 }), fc.integer({ min: 2, max: 16 }));
    fc.assert(
      fc.property(range, fc.integer({ min: 120, max: 1200 }), ([least, decades], pixels) => {
        const ticks = logTicks(splitsOf(least, decades), pixels, 'x').filter((tick) => tick !== null);
        const exponents = ticks.map((tick) => Math.round(Math.log10(tick)));
        expect(ticks.length).toBeGreaterThan(0);
        ticks.forEach((tick, i) => {
          expect(tick / 10 ** exponents[i]).toBeCloseTo(1, 9);
        });
        const apart = exponents.slice(1).map((exponent, i) => ((exponent - exponents[i]) * pixels) / decades);
        for (const distance of apart) expect(distance).toBeGreaterThanOrEqual(55);
      }),
    );
  });

  it('are 1, 2 and 5 as well where there are few powers', () => {
    expect(logTicks([1, 2, 3, 4, 5, 6], 200, 'y')).toEqual([1, 2, null, null, 5, null]);
    expect(logTicks([0.1, 0.2, 0.5, 0.6, 1], 200, 'y')).toEqual([0.1, 0.2, 0.5, null, 1]);
  });

  it('are none where there is no axis', () => expect(logTicks([], 100, 'x')).toEqual([]));
});
