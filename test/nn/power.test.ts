import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { integerPower } from '../../src/nn/power.js';

describe('integerPower', () => {
  it('agrees with Math.pow', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.integer({ min: 0, max: 5000 }),
        (base, n) => {
          const expected = base ** n;
          // Each squaring doubles the relative error, so it grows with n.
          expect(Math.abs(integerPower(base, n) - expected)).toBeLessThanOrEqual(
            (n + 1) * 2e-16 * expected + 1e-300,
          );
        },
      ),
    );
  });

  it('is exact for powers of two and for the smallest exponents', () => {
    expect(integerPower(0.5, 100)).toBe(2 ** -100);
    expect(integerPower(0.9, 0)).toBe(1);
    expect(integerPower(0.9, 1)).toBe(0.9);
    expect(integerPower(0, 0)).toBe(1);
    expect(integerPower(0.999, 2 ** 40)).toBe(0);
  });
});
