import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fastSquares } from '../../../src/device/wasm/kernels/squares.js';
import { runWithin } from '../../../src/device/wasm/kernels/within.js';
import { Runtime } from '../../../src/device/wasm/runtime.js';
import { sumOfSquares } from '../../../src/tensor/kernels/squares.js';
import { expectSameBits, float32s, pepper } from './bits.js';
import { runtime } from './runtime.js';
import { draw } from './special.js';

const threaded = [2, 3].map((threads) => new Runtime(runtime.memory, threads));

/** The array itself, or a copy in the engine's memory behind some sevens and before some NaNs: what is around must not count. */
function inMemory(data: Float32Array, shift: number, on: Runtime): Float32Array {
  const { length } = data;
  const whole = on.memory.floats(on.reserve(length + shift + 8), length + shift + 8).fill(Number.NaN);
  whole.fill(7, 0, shift);
  whole.set(data, shift);
  return whole.subarray(shift, shift + length);
}

const arrays = (most: number) =>
  fc.array(fc.tuple(fc.oneof(fc.nat(40), fc.nat(most)), fc.option(fc.nat(5))), {
    minLength: 0,
    maxLength: 5,
  });

describe('within', () => {
  const within = (
    list: readonly (readonly [Float32Array, number | null])[],
    low: number,
    high: number,
    on = runtime,
  ) =>
    on.scoped(() =>
      runWithin(
        on,
        list.map(([data, shift]) => (shift === null ? data : inMemory(data, shift, on))),
        low,
        high,
      ),
    );
  const plain = (list: readonly Float32Array[], low: number, high: number) =>
    list.every((data) => data.every((x) => x >= low && x <= high));

  it('sees a single number that is outside, wherever it stands', () => {
    fc.assert(
      fc.property(arrays(3000), float32s, fc.nat(), fc.boolean(), (shapes, odd, where, put) => {
        const list = shapes.map(([length, shift]) => [new Float32Array(length).fill(0.5), shift] as const);
        const total = list.reduce((sum, [data]) => sum + data.length, 0);
        let at = where % (total + 1);
        for (const [data] of list) {
          if (put && at >= 0 && at < data.length) data[at] = odd;
          at -= data.length;
        }
        for (const [low, high] of [
          [0, 1],
          [-3.4028234663852886e38, 3.4028234663852886e38],
        ]) {
          const expected = plain(
            list.map(([data]) => data),
            low,
            high,
          );
          expect(within(list, low, high)).toBe(expected);
        }
      }),
      { numRuns: 300 },
    );
  });

  it.each([0, 1, 99_999, 250_000, 299_999])('finds number %i of many on several threads', (at) => {
    for (const on of threaded) {
      const data = new Float32Array(300_000);
      expect(within([[data, 0]], 0, 1, on)).toBe(true);
      data[at] = -1e-45;
      expect(within([[data, 0]], 0, 1, on)).toBe(false);
      expect(within([[data, null]], 0, 1, on)).toBe(false);
    }
  });
});

describe('squares', () => {
  const compare = (list: readonly (readonly [Float32Array, number | null])[], on = runtime): void =>
    on.scoped(() => {
      const placed = list.map(([data, shift]) => (shift === null ? data : inMemory(data, shift, on)));
      const plain = list.map(([data]) => sumOfSquares(data));
      const sums = new Float64Array(plain.length);
      fastSquares.run(on, sums, placed, undefined);
      expectSameBits(sums, plain);
    });

  it('have the bits of the plain sum, for any arrays', () => {
    fc.assert(
      fc.property(
        arrays(20_000),
        fc.nat(),
        fc.constantFrom('none', 'zeros', 'special'),
        (shapes, seed, kind) => {
          compare(shapes.map(([length, shift], i) => [arrayOf(length, seed + i, kind), shift]));
        },
      ),
      { numRuns: 60 },
    );
  });

  it.each([0, 1, 7, 8, 9, 4095, 4096, 4097, 8192, 8200, 100_003])(
    'of %i numbers have the bits of the plain sum',
    (n) => {
      compare([[arrayOf(n, n, 'none'), 0]]);
    },
  );

  it('have the same bits on several threads', () => {
    const lengths = [150_001, 3, 0, 80_000, 4096];
    for (const on of threaded)
      compare(
        lengths.map((length, i) => [arrayOf(length, i, 'none'), 0]),
        on,
      );
  });

  it('are within rounding of the sum in order', () => {
    const data = arrayOf(50_000, 1, 'none');
    const inOrder = data.reduce((sum, x) => sum + x * x, 0);
    expect(Math.abs(sumOfSquares(data) / inOrder - 1)).toBeLessThan(1e-13);
    expect(sumOfSquares(Float32Array.of(3, 4))).toBe(25);
    expect(sumOfSquares(new Float32Array(9).fill(3e38))).toBe(9 * Math.fround(3e38) ** 2);
  });

  function arrayOf(length: number, seed: number, kind: string): Float32Array {
    const data = Float32Array.from(draw([length], seed, kind === 'none' ? 'ordinary' : kind).data);
    if (kind === 'special') pepper(data, 50, seed);
    return data;
  }
});
