import fc from 'fast-check';
import { convert } from '../src/tensor/dtype.js';
import type { DType, Shape } from '../src/tensor/index.js';
import { Tensor } from '../src/tensor/index.js';
import { sizeOf } from '../src/tensor/shape.js';

/** Shapes of rank 0 to 3, empty ones included. */
export const shapes = (maxSize = 4): fc.Arbitrary<number[]> =>
  fc.array(fc.integer({ min: 0, max: maxSize }), { maxLength: 3 });

export const dtypes: fc.Arbitrary<DType> = fc.constantFrom<DType>('float32', 'float64');

/** Ordinary numbers, without NaN and infinities. */
export const finite: fc.Arbitrary<number> = fc.double({ min: -1e3, max: 1e3, noNaN: true });

/** A tensor of a shape, with ordinary elements. */
export const tensorOf = (shape: Shape, dtype: DType = 'float64', element = finite): fc.Arbitrary<Tensor> =>
  fc
    .array(element, { minLength: sizeOf(shape), maxLength: sizeOf(shape) })
    .map((values) => new Tensor(convert(values, dtype), shape));

/** A tensor of any small shape. */
export const tensors = (dtype: DType = 'float64'): fc.Arbitrary<Tensor> =>
  shapes().chain((shape) => tensorOf(shape, dtype));

/** Two shapes that broadcast together, with the shape they share. */
export const broadcastPair: fc.Arbitrary<{ a: number[]; b: number[]; out: number[] }> = fc
  .array(fc.tuple(fc.integer({ min: 0, max: 4 }), fc.constantFrom('both', 'a', 'b')), { maxLength: 4 })
  .chain((dims) =>
    fc
      .tuple(fc.constant(dims), fc.integer({ min: 0, max: dims.length }), fc.boolean())
      .map(([all, cut, cutA]) => {
        const a = all.map(([n, who]) => (who === 'b' ? 1 : n));
        const b = all.map(([n, who]) => (who === 'a' ? 1 : n));
        const shorter = (full: number[], other: number[]) => ({ short: full.slice(cut), other });
        const { short, other } = cutA ? shorter(a, b) : shorter(b, a);
        const lead = other.slice(0, cut);
        const out = [...lead, ...all.slice(cut).map(([n]) => n)];
        return cutA ? { a: short, b: other, out } : { a: other, b: short, out };
      }),
  );
