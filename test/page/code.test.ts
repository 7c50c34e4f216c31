import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { axisOf, formatCode, nameOf, parseCode } from '../../src/page/views/train/code.js';

describe('a code by hand', () => {
  it('is read back from the address, in hundredths', () => {
    const hundredths = fc.integer({ min: -400, max: 400 }).map((n) => n / 100);
    fc.assert(
      fc.property(fc.array(hundredths, { minLength: 1, maxLength: 30 }), (z) => {
        expect(parseCode(formatCode(z), z.length)).toEqual(z.map((x) => x + 0));
      }),
    );
    expect(formatCode([0, 0.001])).toBeNull();
  });

  it('leaves out what is no value, or of no dimension', () => {
    expect(parseCode('0:1,x:2,7:3,1:-0.5,1:', 3)).toEqual([1, -0.5, 0]);
    expect(parseCode(null, 2)).toEqual([0, 0]);
  });

  it('shows dimensions that there are', () => {
    expect(axisOf(3, 5, 0)).toBe(2);
    expect(axisOf(9, 5, 1)).toBe(1);
    expect(axisOf(null, 1, 1)).toBe(0);
    expect(nameOf(19)).toBe('z₂₀');
  });
});
