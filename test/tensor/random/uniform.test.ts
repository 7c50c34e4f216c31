import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Random } from '../../../src/tensor/random/index.js';
import { writeUniform } from '../../../src/tensor/random/uniform.js';
import {
  ANDERSON_DARLING_CRITICAL,
  andersonDarling,
  chiSquareError,
  gridCounts,
  inOrder,
  KS_CRITICAL,
  ks,
  SIGMAS,
} from './statistics.js';

const MILLION = 1_000_000;
const identity = (x: number) => x;
const rest = (x: number) => 1 - x;

describe.each([
  ['float32', new Float32Array(MILLION)],
  ['float64', new Float64Array(MILLION)],
] as const)('uniform in %s', (_, out) => {
  const draws = new Random(11).stream('uniform').uniform(out);

  test('fits the uniform distribution', () => {
    expect(ks(inOrder(draws), identity)).toBeLessThan(KS_CRITICAL);
  });

  test('is independent from one draw to the next', () => {
    for (const lag of [1, 2, 3, 4]) {
      const counts = gridCounts(draws.subarray(0, MILLION - lag), draws.subarray(lag), 16);
      expect(Math.abs(chiSquareError(counts, () => (MILLION - lag) / 256))).toBeLessThan(SIGMAS);
    }
  });

  test('is independent of other names and other seeds', () => {
    const others = [
      new Random(11).stream('uniforn'),
      new Random(12).stream('uniform'),
      new Random(11).stream('uniform').split('a'),
    ];
    for (const other of others) {
      const counts = gridCounts(draws, other.uniform(new Float32Array(MILLION)), 16);
      expect(Math.abs(chiSquareError(counts, () => MILLION / 256))).toBeLessThan(SIGMAS);
    }
  });

  test('a sample bent by one part in two hundred would be refused', () => {
    const bent = draws.map((u) => u ** 1.005);
    expect(ks(inOrder(bent), identity)).toBeGreaterThan(KS_CRITICAL);
    const counts = gridCounts(draws, draws, 16);
    expect(chiSquareError(counts, () => MILLION / 256)).toBeGreaterThan(SIGMAS);
  });
});

test('float64 draws fit in the tails too (Anderson and Darling)', () => {
  const draws = new Random(11).stream('uniform').uniform(new Float64Array(MILLION)).sort();
  expect(andersonDarling(draws, identity, rest)).toBeLessThan(ANDERSON_DARLING_CRITICAL);
  expect(
    andersonDarling(
      draws.map((u) => u ** 1.005),
      identity,
      rest,
    ),
  ).toBeGreaterThan(ANDERSON_DARLING_CRITICAL);
});

test('float32 and float64 take the same words', () => {
  const single = new Random(2).stream('x').uniform(new Float32Array(4000), -3, 5);
  const double = new Random(2).stream('x').uniform(new Float64Array(4000), -3, 5);
  single.forEach((value, i) => {
    expect(Math.abs(value - double[i])).toBeLessThan(8 * 2 ** -23);
  });
});

test('low is reached by rounding at most, high never', () => {
  const float = fc.float({ min: Math.fround(-1e30), max: Math.fround(1e30), noNaN: true });
  const extremes = Uint32Array.of(0, 1, 0xff, 0x100, 0xfffffeff, 0xfffffffe, 0xffffffff);
  fc.assert(
    fc.property(float, float, (a, b) => {
      fc.pre(a !== b);
      const [low, high] = [Math.min(a, b), Math.max(a, b)];
      for (const out of [new Float32Array(7), new Float64Array(7)]) {
        writeUniform(extremes, out, low, high);
        for (const value of out) {
          expect(value).toBeGreaterThanOrEqual(low);
          expect(value).toBeLessThan(high);
        }
      }
    }),
  );
  const unit = new Float32Array(7);
  writeUniform(extremes, unit, 0, 1);
  expect(unit[0]).toBe(0);
  expect(unit[6]).toBe(1 - 2 ** -24);
  writeUniform(extremes, unit, -1, 0);
  expect(unit[6]).toBe(-(2 ** -24));
});
