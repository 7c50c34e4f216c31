import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type DType, map1, map2, map3, Tensor } from '../../../src/tensor/index.js';
import { broadcastLayout, layoutKernel } from '../../../src/tensor/kernels/layout.js';
import { walk } from '../../../src/tensor/kernels/walk.js';
import { broadcastShapes, broadcastStrides } from '../../../src/tensor/shape.js';
import { broadcastPair, dtypes, shapes, tensorOf, tensors } from '../../arbitraries.js';
import { anyNumber, build, elementAt, expectSame, indicesOf, offsetOf, stretched } from './naive.js';

const pairs = fc
  .tuple(dtypes, broadcastPair)
  .chain(([dtype, { a, b, out }]) =>
    fc.tuple(tensorOf(a, dtype, anyNumber), tensorOf(b, dtype, anyNumber), fc.constant(out)),
  );

/** Differs in its arguments and by dtype, so that a mix-up of either shows. */
const mark = {
  f32: (a: number, b: number) => a - 2 * b,
  f64: (a: number, b: number) => 3 * a - b,
};
const forDType = (dtype: DType) => (dtype === 'float32' ? mark.f32 : mark.f64);

describe('map1', () => {
  it('applies the function of the dtype to every element, with the attributes', () => {
    fc.assert(
      fc.property(dtypes.chain(tensors), fc.integer(), (x, shift) => {
        const out = Tensor.empty(x.shape, x.dtype);
        map1<number>({ f32: (v, s) => v + s, f64: (v, s) => v - s })(out, [x], shift);
        const sign = x.dtype === 'float32' ? 1 : -1;
        expectSame(
          out,
          build(x.shape, x.dtype, (i) => elementAt(x, i) + sign * shift),
        );
      }),
    );
  });
});

describe('map2', () => {
  it('pairs the elements that a naive index computation pairs', () => {
    fc.assert(
      fc.property(pairs, ([a, b, shape]) => {
        expect(broadcastShapes(a.shape, b.shape, 'test')).toEqual(shape);
        const out = Tensor.empty(shape, a.dtype);
        map2(mark)(out, [a, b], undefined);
        const f = forDType(a.dtype);
        expectSame(
          out,
          build(shape, a.dtype, (i) => f(elementAt(a, i), elementAt(b, i))),
        );
      }),
      { numRuns: 300 },
    );
  });

  it('takes a scalar, or a tensor of one element of higher rank, on either side', () => {
    const x = build([2, 3], 'float64', ([i, j]) => 3 * i + j);
    for (const one of [[], [1], [1, 1]]) {
      const ten = build(one, 'float64', () => 10);
      const out = Tensor.empty([2, 3], 'float64');
      map2((a, b) => a - b)(out, [x, ten], undefined);
      expect([...out.data]).toEqual([-10, -9, -8, -7, -6, -5]);
      map2((a, b) => a - b)(out, [ten, x], undefined);
      expect([...out.data]).toEqual([10, 9, 8, 7, 6, 5]);
    }
    const higher = Tensor.empty([1, 1, 1], 'float64');
    map2((a, b) => a - b)(higher, [build([1], 'float64', () => 7), build([1, 1, 1], 'float64', () => 2)], 0);
    expect([...higher.data]).toEqual([5]);
  });
});

describe('map3', () => {
  it('takes the elements that a naive index computation takes', () => {
    const triples = broadcastPair.chain(({ a, b, out }) =>
      fc.tuple(
        fc.shuffledSubarray([a, b, out], { minLength: 3, maxLength: 3 }),
        fc.constant(out),
        fc.integer({ min: 1, max: 99 }),
      ),
    );
    fc.assert(
      fc.property(triples, dtypes, ([operands, shape, seed], dtype) => {
        const [a, b, c] = operands.map((own, k) =>
          build(own, dtype, (i) => seed * (k + 1) + offsetOf(own, i)),
        );
        const f = (x: number, y: number, z: number): number => x + 3 * y + 7 * z;
        const out = Tensor.empty(shape, dtype);
        map3(f)(out, [a, b, c], undefined);
        expectSame(
          out,
          build(shape, dtype, (i) => f(elementAt(a, i), elementAt(b, i), elementAt(c, i))),
        );
      }),
      { numRuns: 200 },
    );
  });
});

describe('the layout of broadcastTo', () => {
  it('repeats the elements that a naive index computation repeats', () => {
    fc.assert(
      fc.property(pairs, ([a, , shape]) => {
        const out = Tensor.empty(shape, a.dtype);
        layoutKernel(broadcastLayout)(out, [a], undefined);
        expectSame(
          out,
          build(shape, a.dtype, (i) => elementAt(a, i)),
        );
      }),
      { numRuns: 200 },
    );
  });
});

describe('walk', () => {
  it('visits every place once, in row-major order, with the offset of each operand', () => {
    fc.assert(
      fc.property(broadcastPair, ({ a, b, out }) => {
        const seen: number[][] = [];
        walk(out, [broadcastStrides(a, out), broadcastStrides(b, out)], (at, [p, q]) =>
          seen.push([at, p, q]),
        );
        const expected = indicesOf(out).map((index, at) => [
          at,
          offsetOf(a, stretched(a, index)),
          offsetOf(b, stretched(b, index)),
        ]);
        expect(seen).toEqual(expected);
      }),
      { numRuns: 200 },
    );
  });

  it('visits a scalar once and an empty shape never', () => {
    fc.assert(
      fc.property(shapes(), (shape) => {
        let visits = 0;
        walk(shape, [], () => visits++);
        expect(visits).toBe(shape.reduce((size, n) => size * n, 1));
      }),
    );
  });
});
