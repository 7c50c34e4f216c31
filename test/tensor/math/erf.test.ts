import fc from 'fast-check';
import { expect, test } from 'vitest';
import { erf64, erfc64, normalCdf32, normalCdf64 } from '../../../src/tensor/math/erf.js';

/** Digits as in M. Abramowitz, I. A. Stegun, "Handbook of mathematical functions", tables 7.1 and 7.3, and beyond. */
const erfTable: [x: number, value: number][] = [
  [0.1, 0.11246291601828488],
  [0.5, 0.5204998778130465],
  [1, 0.8427007929497149],
  [1.5, 0.9661051464753108],
  [2, 0.9953222650189527],
  [3, 0.9999779095030014],
];
const erfcTable: [x: number, value: number][] = [
  [0.5, 0.4795001221869535],
  [1, 0.15729920705028513],
  [2, 0.004677734981047266],
  [3, 2.209049699858544e-5],
  [5, 1.537459794428035e-12],
  [10, 2.088487583762545e-45],
  [26, 5.663192408856143e-296],
];
const normalTable: [x: number, value: number][] = [
  [-1, 0.15865525393145705],
  [-2, 0.02275013194817921],
  [-5, 2.866515718791939e-7],
  [-10, 7.619853024160525e-24],
  [-37, 5.725571222524577e-300],
];

function relativeError(got: number, exact: number): number {
  return Math.abs(got / exact - 1);
}

test.each(erfTable)('erf64(%s)', (x, value) => {
  expect(relativeError(erf64(x), value)).toBeLessThan(5e-16);
  expect(erf64(-x)).toBe(-erf64(x));
});

test.each(erfcTable)('erfc64(%s)', (x, value) => {
  expect(relativeError(erfc64(x), value)).toBeLessThan(1e-15);
  expect(relativeError(erfc64(-x), 2 - value)).toBeLessThan(5e-16);
});

test.each(normalTable)('normalCdf64(%s), far into the left tail', (x, value) => {
  expect(relativeError(normalCdf64(x), value)).toBeLessThan(1e-15);
  expect(relativeError(normalCdf64(-x), 1 - value)).toBeLessThan(5e-16);
});

test('erf, erfc and the normal distribution function agree', () => {
  fc.assert(
    fc.property(fc.double({ min: -6, max: 6, noNaN: true }), (x) => {
      expect(Math.abs(erf64(x) + erfc64(x) - 1)).toBeLessThan(5e-16);
      expect(Math.abs(normalCdf64(x) + normalCdf64(-x) - 1)).toBeLessThan(5e-16);
      expect(relativeError(normalCdf64(x), 0.5 * erfc64(-x / Math.SQRT2))).toBeLessThan(2e-14);
    }),
  );
});

test('the slope of normalCdf64 is the normal density, across the seam of the series at 1/2 too', () => {
  const h = 1e-4;
  for (let x = -8; x <= 8; x += 0.0625) {
    const slope = (normalCdf64(x + h) - normalCdf64(x - h)) / (2 * h);
    const density = Math.exp(-0.5 * x * x) / Math.sqrt(2 * Math.PI);
    // h^2 / 6 times the third derivative, and rounding.
    expect(Math.abs(slope - density)).toBeLessThan(h * h + 1e-11);
  }
  for (const edge of [0.5, -0.5]) {
    expect(Math.abs(erf64(edge * (1 - 2e-16)) - erf64(edge * (1 + 2e-16)))).toBeLessThan(5e-16);
  }
});

test('normalCdf32 keeps its digits in the left tail', () => {
  expect(normalCdf32(-10)).toBe(Math.fround(7.619853024160525e-24));
  expect(normalCdf32(-13)).toBeGreaterThan(0);
  expect(normalCdf32(-15)).toBe(0);
});
