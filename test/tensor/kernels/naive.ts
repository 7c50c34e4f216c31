import fc from 'fast-check';
import { expect } from 'vitest';
import { convert } from '../../../src/tensor/dtype.js';
import type { DType, Shape } from '../../../src/tensor/index.js';
import { Tensor } from '../../../src/tensor/index.js';

/** Rounds to a dtype. */
export const rounding = (dtype: DType): ((x: number) => number) =>
  dtype === 'float32' ? Math.fround : (x) => x;

/** Every index into a shape, in row-major order. */
export function indicesOf(shape: Shape): number[][] {
  if (shape.length === 0) return [[]];
  const inner = indicesOf(shape.slice(1));
  return Array.from({ length: shape[0] }, (_, i) => inner.map((rest) => [i, ...rest])).flat();
}

/** Position of an index in row-major order. */
export const offsetOf = (shape: Shape, index: readonly number[]): number =>
  shape.reduce((offset, n, d) => offset * n + index[d], 0);

/** Where an index of a larger shape falls in a tensor that is stretched to it. */
export const stretched = (shape: Shape, index: readonly number[]): number[] =>
  shape.map((n, d) => (n === 1 ? 0 : index[index.length - shape.length + d]));

/** The element at an index of a shape that `t` broadcasts to. */
export const elementAt = (t: Tensor, index: readonly number[]): number =>
  t.data[offsetOf(t.shape, stretched(t.shape, index))];

/** A tensor made element by element from its index. */
export const build = (shape: Shape, dtype: DType, f: (index: number[]) => number): Tensor =>
  new Tensor(convert(indicesOf(shape).map(f), dtype), shape);

/** The same shape, dtype and bits; all NaNs are one. */
export function expectSame(actual: Tensor, expected: Tensor): void {
  expect(actual.shape).toEqual(expected.shape);
  expect(actual.dtype).toBe(expected.dtype);
  const at = expected.data.findIndex((x, i) => !Object.is(x, actual.data[i]));
  if (at >= 0) expect.fail(`element ${at} is ${actual.data[at]}, but must be ${expected.data[at]}`);
}

const ordinary = fc.double({ min: -10, max: 10, noNaN: true });
const extreme = fc.constantFrom(2 ** -149, -(2 ** -149), 2 ** -130, -1e-30, 1e30, -1e30, 3e38);
const zero = fc.constantFrom(0, -0);
const infinite = fc.constantFrom(Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NaN);

/** Zeros of both signs, denormals and numbers near overflow among ordinary ones. */
export const anyFinite = fc.oneof(
  { weight: 5, arbitrary: ordinary },
  { weight: 4, arbitrary: zero },
  { weight: 2, arbitrary: extreme },
);

/** The same with infinities and NaN. */
export const anyNumber = fc.oneof({ weight: 10, arbitrary: anyFinite }, { weight: 1, arbitrary: infinite });

/** Small integers: sums and products of them are exact in both dtypes. */
export const integers = fc.integer({ min: -8, max: 8 });

export const dot = (a: Tensor, b: Tensor): number => {
  expect(a.shape).toEqual(b.shape);
  let total = 0;
  for (let i = 0; i < a.size; i++) total += a.data[i] * b.data[i];
  return total;
};
