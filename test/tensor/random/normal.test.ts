import { describe, expect, test } from 'vitest';
import { normalCdf64 } from '../../../src/tensor/math/erf.js';
import { Random } from '../../../src/tensor/random/index.js';
import { writeNormal } from '../../../src/tensor/random/normal.js';
import {
  ANDERSON_DARLING_CRITICAL,
  andersonDarling,
  correlationError,
  inOrder,
  KS_CRITICAL,
  ks,
  normalMomentErrors,
  SIGMAS,
} from './statistics.js';

const MILLION = 1_000_000;
const survival = (x: number) => normalCdf64(-x);

describe.each([
  ['float32', (n: number) => new Float32Array(n), 20],
  ['float64', (n: number) => new Float64Array(n), 5],
] as const)('normal in %s', (_, make, millions) => {
  const draws = new Random(7).stream('epsilon').normal(make(MILLION));

  test('has the moments of the normal distribution to order 4', () => {
    for (const error of normalMomentErrors(draws)) expect(Math.abs(error)).toBeLessThan(SIGMAS);
  });

  test('fits the normal distribution (Kolmogorov and Smirnov, Anderson and Darling)', () => {
    const sorted = inOrder(draws);
    expect(ks(sorted, normalCdf64)).toBeLessThan(KS_CRITICAL);
    expect(andersonDarling(sorted, normalCdf64, survival)).toBeLessThan(ANDERSON_DARLING_CRITICAL);
  });

  test('has as many draws beyond 4, 4.5 and 5 standard deviations as it should', () => {
    const bounds = [4, 4.5, 5];
    const counts = [0, 0, 0];
    const stream = new Random(7).stream('tails');
    const chunk = make(MILLION);
    for (let m = 0; m < millions; m++) {
      for (const x of stream.normal(chunk)) {
        if (x > -4 && x < 4) continue;
        for (let b = 0; b < 3; b++) if (Math.abs(x) > bounds[b]) counts[b]++;
      }
    }
    bounds.forEach((bound, b) => {
      const expected = 2 * normalCdf64(-bound) * millions * MILLION;
      expect(counts[b]).toBeGreaterThan(0);
      // Four standard deviations of a Poisson count by its variance-stabilising root.
      expect(Math.abs(2 * Math.sqrt(counts[b]) - 2 * Math.sqrt(expected))).toBeLessThan(SIGMAS);
    });
  });

  test('is not correlated with itself moved on, nor with other streams', () => {
    const squares = draws.map((x) => (x * x - 1) / Math.SQRT2);
    for (let lag = 1; lag <= 8; lag++) {
      expect(Math.abs(correlationError(draws, draws, lag))).toBeLessThan(SIGMAS);
      expect(Math.abs(correlationError(squares, squares, lag))).toBeLessThan(SIGMAS);
    }
    const others = [
      new Random(7).stream('epsilon2'),
      new Random(8).stream('epsilon'),
      new Random(7).stream('epsilon').split('0'),
    ];
    for (const other of others) {
      expect(Math.abs(correlationError(draws, other.normal(make(MILLION))))).toBeLessThan(SIGMAS);
    }
  });
});

describe('samples made wrong are refused', () => {
  const right = new Random(7).stream('epsilon').normal(new Float64Array(MILLION));
  const sorted = inOrder(right);

  test('a standard deviation of 1.01', () => {
    const wide = sorted.map((x) => 1.01 * x);
    expect(normalMomentErrors(wide)[1]).toBeGreaterThan(SIGMAS);
    expect(ks(wide, normalCdf64)).toBeGreaterThan(KS_CRITICAL);
    expect(andersonDarling(wide, normalCdf64, survival)).toBeGreaterThan(ANDERSON_DARLING_CRITICAL);
  });

  test('a mean of 0.005', () => {
    const moved = sorted.map((x) => x + 0.005);
    expect(Math.abs(normalMomentErrors(moved)[0])).toBeGreaterThan(SIGMAS);
    expect(ks(moved, normalCdf64)).toBeGreaterThan(KS_CRITICAL);
  });

  test('the sum of twelve uniforms, the poor one’s normal', () => {
    const uniforms = new Random(7).stream('uniform');
    const sums = new Float64Array(MILLION).fill(-6);
    const chunk = new Float64Array(MILLION);
    for (let k = 0; k < 12; k++) {
      uniforms.uniform(chunk);
      for (let i = 0; i < MILLION; i++) sums[i] += chunk[i];
    }
    expect(Math.abs(normalMomentErrors(sums)[3])).toBeGreaterThan(SIGMAS);
    expect(andersonDarling(inOrder(sums), normalCdf64, survival)).toBeGreaterThan(ANDERSON_DARLING_CRITICAL);
  });

  test('a stream taken twice', () => {
    expect(correlationError(right, right)).toBeGreaterThan(SIGMAS);
  });
});

describe('the two element types', () => {
  test('are the same draws', () => {
    const single = new Random(9).stream('x').normal(new Float32Array(100_001));
    const double = new Random(9).stream('x').normal(new Float64Array(100_001));
    const worst = single.reduce((most, x, i) => Math.max(most, Math.abs(x / double[i] - 1)), 0);
    expect(worst).toBeLessThan(5 * 2 ** -24);
  });

  test('both reach 6.66 standard deviations, and keep their digits where u is near 0 and near 1', () => {
    const words = Uint32Array.of(
      0,
      0,
      1,
      0,
      1000,
      0,
      0xb504f333,
      0,
      0xb504f334,
      0,
      0xfffffffe,
      0,
      0xffffff00,
      0,
    );
    const single = new Float32Array(words.length);
    const double = new Float64Array(words.length);
    writeNormal(words, single, 0, 1);
    writeNormal(words, double, 0, 1);
    expect(double[0]).toBeCloseTo(Math.sqrt(64 * Math.LN2), 12);
    for (let i = 0; i < words.length; i += 2)
      expect(Math.abs(single[i] / double[i] - 1)).toBeLessThan(5 * 2 ** -24);
  });

  test('put the pair in the right quarter for every angle', () => {
    for (let eighth = 0; eighth < 64; eighth++) {
      const angle = (eighth / 64) * 2 * Math.PI;
      const pair = new Float32Array(2);
      writeNormal(Uint32Array.of(0, eighth * 2 ** 26), pair, 0, 1);
      const radius = Math.sqrt(64 * Math.LN2);
      expect(pair[0]).toBeCloseTo(radius * Math.cos(angle), 5);
      expect(pair[1]).toBeCloseTo(radius * Math.sin(angle), 5);
    }
  });

  test('mean and std move and stretch', () => {
    for (const make of [() => new Float32Array(1001), () => new Float64Array(1001)]) {
      const plain = new Random(9).stream('x').normal(make());
      const moved = new Random(9).stream('x').normal(make(), 3, 0.5);
      plain.forEach((x, i) => {
        expect(moved[i]).toBeCloseTo(3 + 0.5 * x, 5);
      });
    }
  });
});
