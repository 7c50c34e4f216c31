import { describe, expect, it } from 'vitest';
import {
  formatCount,
  formatError,
  formatNats,
  formatNumber,
  formatSeconds,
} from '../../src/tensor/format.js';

describe('numbers for people', () => {
  it('have few digits, and a power of ten where they are tiny or huge', () => {
    const numbers = [0, -0, 12, 128765, 1.23456, -0.0123456, 0.000123456, 1234567.8, 1e6, 2e-7];
    expect(numbers.map((x) => formatNumber(x))).toEqual([
      ...['0', '0', '12', '128765', '1.235', '-0.01235', '1.235e-4', '1.235e6', '1e6', '2e-7'],
    ]);
    expect(formatNumber(Math.PI, 6)).toBe('3.14159');
    expect([Number.NaN, Number.NEGATIVE_INFINITY].map((x) => formatNumber(x))).toEqual(['NaN', '-Infinity']);
  });

  it('are errors in two digits', () => {
    expect([0, 1.26e-7, 3e-5, 20].map(formatError)).toEqual(['0', '1.3e-7', '3e-5', '2e1']);
  });

  it('are counts with thousands apart, and nats with two decimals', () => {
    expect([12, 60_000, 1_234_567].map(formatCount)).toEqual(['12', '60,000', '1,234,567']);
    expect([0.004, -0.004, -0.006, 104.256].map(formatNats)).toEqual(['0.00', '0.00', '-0.01', '104.26']);
  });

  it('are durations in the unit that suits them', () => {
    expect([0, 3e-5, 0.0125, 0.42, 59.4, 185, 7800].map(formatSeconds)).toEqual([
      ...['0.0 s', '30 us', '12.5 ms', '0.4 s', '59 s', '3 min 05 s', '2 h 10 min'],
    ]);
  });
});
