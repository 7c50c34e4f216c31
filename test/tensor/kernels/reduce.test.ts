import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Random } from '../../../src/index.js';
import { type DType, Tensor } from '../../../src/tensor/index.js';
import { forEachRow, mapRows, maxOf, sumTree } from '../../../src/tensor/kernels/reduce.js';
import { dtypes, shapes, tensorOf } from '../../arbitraries.js';
import {
  anyFinite,
  anyNumber,
  build,
  elementAt,
  expectSame,
  indicesOf,
  offsetOf,
  rounding,
} from './naive.js';

/** The written definition of a sum, in lists: lanes by i mod 8 within blocks of 1024, then neighbours in pairs. */
function definedSum(values: readonly number[], dtype: DType): number {
  const round = rounding(dtype);
  const plus = (a: number, b: number): number => round(a + b);
  const block = (part: readonly number[]): number => {
    const lane = (l: number): number => part.filter((_, i) => i % 8 === l).reduce(plus, 0);
    const [a, b, c, d, e, f, g, h] = [0, 1, 2, 3, 4, 5, 6, 7].map(lane);
    return plus(plus(plus(a, e), plus(c, g)), plus(plus(b, f), plus(d, h)));
  };
  let sums: number[] = [];
  for (let i = 0; i < values.length; i += 1024) sums.push(block(values.slice(i, i + 1024)));
  while (sums.length > 1) {
    const pairs: number[] = [];
    for (let i = 0; i < sums.length; i += 2)
      pairs.push(i + 1 < sums.length ? plus(sums[i], sums[i + 1]) : sums[i]);
    sums = pairs;
  }
  return sums[0] ?? 0;
}

const typed = (values: Iterable<number>, dtype: DType): Float32Array | Float64Array =>
  dtype === 'float32' ? Float32Array.from(values) : Float64Array.from(values);

describe('sumTree', () => {
  it('is what its definition says, bit for bit', () => {
    fc.assert(
      fc.property(dtypes, fc.array(anyNumber, { maxLength: 60 }), (dtype, values) => {
        const row = typed(values, dtype);
        expect(sumTree(row)).toBe(definedSum([...row], dtype));
      }),
      { numRuns: 300 },
    );
  });

  it.each([1, 7, 8, 9, 1023, 1024, 1025, 2048, 3000, 5 * 1024, 7 * 1024 + 3, 100_001])(
    'is what its definition says for %i elements',
    (count) => {
      for (const dtype of ['float32', 'float64'] as const) {
        const row = new Random(count).stream('sum').normal(typed(new Array<number>(count).fill(0), dtype));
        expect(sumTree(row)).toBe(definedSum([...row], dtype));
      }
    },
  );

  it('is exact on integers that the dtype holds', () => {
    fc.assert(
      fc.property(
        dtypes,
        fc.integer({ min: 0, max: 5000 }),
        fc.integer({ min: 1, max: 3000 }),
        (dtype, n, step) => {
          const values = Array.from({ length: n }, (_, i) => ((i * step) % 2001) - 1000);
          expect(sumTree(typed(values, dtype))).toBe(values.reduce((a, b) => a + b, 0));
        },
      ),
    );
  });

  it('keeps its error bound on a million float32 numbers, and beats a running sum a hundredfold', () => {
    const row = new Random(1).stream('sum').uniform(new Float32Array(1e6));
    // Each is a multiple of 2^-24 below 1, so that the float64 sum is exact.
    const exact = row.reduce((a, b) => a + b, 0);
    const size = row.reduce((a, b) => a + Math.abs(b), 0);
    const error = Math.abs(sumTree(row) - exact);
    const running = Math.abs(row.reduce((a, b) => Math.fround(a + b), 0) - exact);
    const roundings = 1024 / 8 + 3 + Math.ceil(Math.log2(1e6 / 1024));
    expect(error).toBeLessThanOrEqual(roundings * 2 ** -24 * size);
    expect(error * 100).toBeLessThan(running);
  });

  it('of nothing is 0', () => {
    expect(sumTree(new Float32Array(0))).toBe(0);
    expect(sumTree(new Float64Array(0))).toBe(0);
  });
});

describe('maxOf', () => {
  it('is the largest element, NaN if any is, -infinity for nothing', () => {
    fc.assert(
      fc.property(dtypes, fc.array(anyNumber, { maxLength: 12 }), (dtype, values) => {
        const row = typed(values, dtype);
        const largest = maxOf(row);
        // Zeros compare equal: which of them comes out is not promised.
        expect(largest + 0).toBe(Math.max(...row) + 0);
      }),
    );
  });
});

describe('forEachRow', () => {
  const reductions = fc
    .tuple(dtypes, shapes(4))
    .chain(([dtype, shape]) =>
      fc.tuple(tensorOf(shape, dtype, anyFinite), fc.subarray(shape.map((_, axis) => axis))),
    );

  it('hands over the elements that a nested loop over the axes finds, and mapRows puts them back', () => {
    fc.assert(
      fc.property(reductions, ([x, axes]) => {
        const kept = x.shape.map((_, d) => d).filter((d) => !axes.includes(d));
        const outer = indicesOf(kept.map((d) => x.shape[d]));
        const inner = indicesOf(axes.map((d) => x.shape[d]));
        const expected = outer.map((o) =>
          inner.map((i) =>
            x.at(...x.shape.map((_, d) => (axes.includes(d) ? i[axes.indexOf(d)] : o[kept.indexOf(d)]))),
          ),
        );
        const rows: number[][] = [];
        forEachRow(x, axes, (row, index) => {
          expect(index).toBe(rows.length);
          rows.push([...row]);
        });
        expect(rows).toEqual(expected);
        const doubled = Tensor.empty(x.shape, x.dtype);
        mapRows(doubled, x, axes, (row) => {
          for (let i = 0; i < row.length; i++) row[i] *= 2;
        });
        expectSame(
          doubled,
          build(x.shape, x.dtype, (index) => 2 * elementAt(x, index)),
        );
      }),
      { numRuns: 300 },
    );
  });

  it('sums as a nested loop does, to rounding', () => {
    fc.assert(
      fc.property(
        shapes(4).chain((shape) => fc.tuple(tensorOf(shape), fc.constant(shape))),
        ([x, shape]) => {
          for (const axes of [[], [0], [shape.length - 1], shape.map((_, d) => d)]) {
            if (axes.some((d) => d < 0 || d >= shape.length)) continue;
            const sums: number[] = [];
            forEachRow(x, axes, (row) => sums.push(sumTree(row)));
            const totals = new Map<string, number>();
            for (const index of indicesOf(shape.map((n, d) => (axes.includes(d) ? 1 : n))))
              totals.set(`${index}`, 0);
            for (const index of indicesOf(shape)) {
              const key = `${index.map((i, d) => (axes.includes(d) ? 0 : i))}`;
              totals.set(key, (totals.get(key) ?? Number.NaN) + x.data[offsetOf(shape, index)]);
            }
            expect(sums.length).toBe(totals.size);
            [...totals.values()].forEach((total, i) => {
              expect(Math.abs(sums[i] - total)).toBeLessThanOrEqual(1e-11);
            });
          }
        },
      ),
      { numRuns: 100 },
    );
  });

  it('does not write into the tensor when a visitor writes into the row', () => {
    const x = new Tensor(Float32Array.of(1, 2, 3, 4), [2, 2]);
    forEachRow(x, [1], (row) => row.fill(9));
    expect([...x.data]).toEqual([1, 2, 3, 4]);
  });
});
