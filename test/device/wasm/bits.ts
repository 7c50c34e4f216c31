import fc from 'fast-check';
import { expect } from 'vitest';
import type { TensorData } from '../../../src/tensor/dtype.js';

/** The same bits in every element; all NaNs are one. */
export function expectSameBits(actual: ArrayLike<number>, expected: ArrayLike<number>): void {
  expect(actual.length).toBe(expected.length);
  // Object.is tells -0 from +0, and every other float32 number from every other.
  for (let i = 0; i < expected.length; i++) {
    if (!Object.is(actual[i], expected[i])) {
      expect.fail(`element ${i} of ${expected.length} is ${actual[i]}, but must be ${expected[i]}`);
    }
  }
}

/** Numbers at the edges of float32. */
export const edges: readonly number[] = [
  ...[0, -0, 1, -1, 0.5, -0.5, 1.5, 2.5, -2.5],
  ...[
    2 ** -149,
    -(2 ** -149),
    2 ** -130,
    2 ** -126,
    2 ** 23,
    2 ** 31,
    -(2 ** 31),
    1.5 * 2 ** 127,
    -1.5 * 2 ** 127,
  ],
  ...[Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NaN],
];

/** Zeros of both signs and denormals: they leave a sum finite. */
export const tiny: readonly number[] = [0, -0, 2 ** -149, -(2 ** -149), 2 ** -130, -(2 ** -127)];

/** Overwrites about one element in `rarity` with one of `grains`. */
export function pepper(data: TensorData, rarity: number, seed: number, grains = edges): void {
  let state = seed >>> 0;
  for (let i = 0; i < data.length; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    if ((state >>> 8) % rarity === 0) data[i] = grains[(state >>> 16) % grains.length];
  }
}

/** Float32 numbers of every kind: edges, ordinary ones and any bit pattern but a signalling NaN. */
export const float32s: fc.Arbitrary<number> = fc.oneof(
  fc.constantFrom(...edges),
  fc.double({ min: -100, max: 100, noNaN: true }).map(Math.fround),
  fc.float({ noNaN: true }),
);
