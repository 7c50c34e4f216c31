import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { integerBelow } from '../../../src/tensor/random/bounded.js';
import { Random } from '../../../src/tensor/random/index.js';
import { chiSquareError, SIGMAS } from './statistics.js';

/** Numbers the 24 orders of four things. */
function rankOf(order: ArrayLike<number>): number {
  let rank = 0;
  for (let i = 0; i < 4; i++) {
    let smaller = 0;
    for (let j = i + 1; j < 4; j++) if (order[j] < order[i]) smaller++;
    rank = rank * (4 - i) + smaller;
  }
  return rank;
}

describe('permutation', () => {
  const DRAWS = 48_000;

  test('is a permutation, of any size', () => {
    fc.assert(
      fc.property(fc.nat(), fc.nat(3000), (seed, n) => {
        const order = new Random(seed).stream('shuffle').permutation(n);
        expect(Array.from(order).sort((a, b) => a - b)).toEqual(Array.from({ length: n }, (_, i) => i));
      }),
      { numRuns: 30 },
    );
  });

  test('gives all 24 orders of four equally often', () => {
    const stream = new Random(4).stream('shuffle');
    const counts = new Int32Array(24);
    for (let i = 0; i < DRAWS; i++) counts[rankOf(stream.permutation(4))]++;
    expect(Math.abs(chiSquareError(counts, () => DRAWS / 24))).toBeLessThan(SIGMAS);
  });

  test('a shuffle that swaps with any place would be refused', () => {
    const stream = new Random(4).stream('shuffle');
    const counts = new Int32Array(24);
    const place = new Int32Array(4);
    for (let i = 0; i < DRAWS; i++) {
      const order = [0, 1, 2, 3];
      stream.integers(place, 0, 4).forEach((j, k) => {
        [order[k], order[j]] = [order[j], order[k]];
      });
      counts[rankOf(order)]++;
    }
    expect(chiSquareError(counts, () => DRAWS / 24)).toBeGreaterThan(SIGMAS);
  });

  test('a large one leaves few things in place (a Poisson count of mean 1)', () => {
    const order = new Random(4).stream('shuffle').permutation(60_000);
    expect(order.filter((x, i) => x === i).length).toBeLessThan(8);
  });
});

describe('integers', () => {
  test('stay in their range and reach both ends', () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer({ min: 1, max: 40 }), (low, width) => {
        fc.pre(low + width <= 2 ** 31);
        const out = new Random(6).stream('dice').integers(new Int32Array(2000), low, low + width);
        const seen = new Set(out);
        expect(seen.size).toBe(width);
        expect(Math.min(...seen)).toBe(low);
        expect(Math.max(...seen)).toBe(low + width - 1);
      }),
      { numRuns: 30 },
    );
  });

  test('are equally likely even in a range of three quarters of 2^32, where the remainder would not be', () => {
    const draws = new Random(6).stream('dice').integers(new Int32Array(300_000), -(2 ** 31), 2 ** 30);
    const words = new Random(6).stream('words').uint32(new Uint32Array(300_000));
    const thirds = (values: ArrayLike<number>) => {
      const counts = new Int32Array(3);
      for (let i = 0; i < values.length; i++) counts[Math.floor(values[i] / 2 ** 30)]++;
      return chiSquareError(counts, () => values.length / 3);
    };
    expect(Math.abs(thirds(Float64Array.from(draws, (x) => x + 2 ** 31)))).toBeLessThan(SIGMAS);
    expect(thirds(Float64Array.from(words, (word) => word % (3 * 2 ** 30)))).toBeGreaterThan(SIGMAS);
  });

  test('the whole range takes each word as it is', () => {
    const stream = new Random(6).stream('dice');
    const out = stream.integers(new Int32Array(8), -(2 ** 31), 2 ** 31);
    expect(stream.position).toBe(2);
    stream.seek(0);
    expect(Array.from(out, (x) => x + 2 ** 31)).toEqual(Array.from(stream.uint32(new Uint32Array(8))));
  });

  test('words that would tilt the balance are refused', () => {
    const offered = [0, 1, 2 ** 31];
    // 2^32 mod 3 is 1: of all words only 0 is refused.
    expect(integerBelow(3, () => offered.shift() ?? 0)).toBe(0);
    expect(offered).toEqual([2 ** 31]);
  });
});

describe('bernoulli', () => {
  const N = 400_000;

  test.each([0.001, 0.19, 0.5, 0.9])('has mean %s', (probability) => {
    const draws = new Random(8).stream('binarize').bernoulli(new Float32Array(N), probability);
    const ones = draws.reduce((sum, x) => sum + x, 0);
    expect(draws.every((x) => x === 0 || x === 1)).toBe(true);
    const deviation = Math.sqrt(N * probability * (1 - probability));
    expect(Math.abs(ones - N * probability)).toBeLessThan(SIGMAS * deviation);
    expect(Math.abs(ones - N * (probability + 0.01))).toBeGreaterThan(SIGMAS * deviation);
  });

  test('takes a probability per element: gray values give an image whose mean is the gray', () => {
    const gray = Float32Array.of(0, 0.25, 0.5, 0.75, 1);
    const sums = new Float64Array(5);
    const stream = new Random(8).stream('binarize');
    const draws = new Float32Array(5);
    for (let i = 0; i < 20_000; i++) {
      stream.bernoulli(draws, gray);
      for (let k = 0; k < 5; k++) sums[k] += draws[k];
    }
    expect(sums[0]).toBe(0);
    expect(sums[4]).toBe(20_000);
    for (const k of [1, 2, 3]) {
      const deviation = Math.sqrt(20_000 * gray[k] * (1 - gray[k]));
      expect(Math.abs(sums[k] - 20_000 * gray[k])).toBeLessThan(SIGMAS * deviation);
    }
  });

  test('is the same in both element types', () => {
    const single = new Random(8).stream('binarize').bernoulli(new Float32Array(1001), 0.3);
    const double = new Random(8).stream('binarize').bernoulli(new Float64Array(1001), 0.3);
    expect(Array.from(single)).toEqual(Array.from(double));
  });
});
