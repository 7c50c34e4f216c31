import { describe, expect, it } from 'vitest';
import { manifoldCodes, normalQuantile } from '../../src/vae/manifold.js';

describe('manifold', () => {
  it('has quantiles of the normal distribution', () => {
    expect(normalQuantile(0.5)).toBe(0);
    expect(normalQuantile(0.975)).toBeCloseTo(1.959963984540054, 12);
    expect(normalQuantile(1e-10)).toBeCloseTo(-6.361340902404056, 10);
    expect(() => normalQuantile(1)).toThrow('p is 1; it must be a finite number above 0, below 1');
  });

  it('grows to the right and upwards', () => {
    const codes = manifoldCodes(3, 'float64');
    expect(codes.shape).toEqual([9, 2]);
    expect(codes.at(0, 0)).toBeCloseTo(normalQuantile(1 / 6), 14);
    expect(codes.at(0, 1)).toBeCloseTo(normalQuantile(5 / 6), 14);
    expect(Array.from(codes.data.subarray(8, 10))).toEqual([0, 0]);
    expect(codes.at(8, 1)).toBeLessThan(0);
  });
});
