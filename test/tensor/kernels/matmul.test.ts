import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Random } from '../../../src/index.js';
import { type DType, type Shape, Tensor } from '../../../src/tensor/index.js';
import { matmulKernel } from '../../../src/tensor/kernels/matmul.js';
import { dtypes, tensorOf } from '../../arbitraries.js';
import { anyFinite, anyNumber, build, elementAt, expectSame, rounding } from './naive.js';

interface Call {
  readonly a: Tensor;
  readonly b: Tensor;
  readonly shape: Shape;
  readonly transposeA: boolean;
  readonly transposeB: boolean;
}

/** The definition: from +0, add the products in order of k, each product and each sum rounded. */
function naive({ a, b, shape, transposeA, transposeB }: Call): Tensor {
  const round = rounding(a.dtype);
  const k = a.shape[a.rank - (transposeA ? 2 : 1)];
  return build(shape, a.dtype, (index) => {
    const batch = index.slice(0, -2);
    const [i, j] = index.slice(-2);
    let sum = 0;
    for (let p = 0; p < k; p++) {
      const left = matrixElement(a, batch, transposeA ? [p, i] : [i, p]);
      const right = matrixElement(b, batch, transposeB ? [j, p] : [p, j]);
      sum = round(sum + round(left * right));
    }
    return sum;
  });
}

/** Only batch dimensions stretch: the last two are indexed as they are. */
function matrixElement(t: Tensor, batch: readonly number[], [row, column]: readonly number[]): number {
  const [rows, columns] = t.shape.slice(-2);
  const matrices = new Tensor(t.data, [...t.shape.slice(0, -2), rows * columns]);
  if (rows * columns === 1) return elementAt(matrices, [...batch, 0]);
  return elementAt(matrices, [...batch, row * columns + column]);
}

function run(call: Call): Tensor {
  const out = Tensor.empty(call.shape, call.a.dtype);
  matmulKernel(out, [call.a, call.b], call);
  return out;
}

const batches: readonly (readonly [a: Shape, b: Shape, out: Shape])[] = [
  [[], [], []],
  [[2], [2], [2]],
  [[3], [1], [3]],
  [[1], [2], [2]],
  [[], [2], [2]],
  [[2], [], [2]],
  [[0], [1], [0]],
  [[2, 1], [3], [2, 3]],
  [
    [1, 2],
    [2, 1],
    [2, 2],
  ],
];

const size = fc.integer({ min: 0, max: 7 });

const calls = (dtype: DType): fc.Arbitrary<Call> =>
  fc
    .record({
      batch: fc.constantFrom(...batches),
      m: size,
      k: fc.integer({ min: 0, max: 11 }),
      n: size,
      transposeA: fc.boolean(),
      transposeB: fc.boolean(),
      elementA: fc.constantFrom(anyFinite, anyNumber),
      elementB: fc.constantFrom(anyFinite, anyFinite, anyNumber),
    })
    .chain(({ batch: [atA, atB, out], m, k, n, transposeA, transposeB, elementA, elementB }) =>
      fc.record({
        a: tensorOf([...atA, ...(transposeA ? [k, m] : [m, k])], dtype, elementA),
        b: tensorOf([...atB, ...(transposeB ? [n, k] : [k, n])], dtype, elementB),
        shape: fc.constant([...out, m, n]),
        transposeA: fc.constant(transposeA),
        transposeB: fc.constant(transposeB),
      }),
    );

const plain = { transposeA: false, transposeB: false };

describe('matmulKernel', () => {
  it.each(['float32', 'float64'] as const)('has the bits of the definition in %s', (dtype) => {
    fc.assert(
      fc.property(calls(dtype), (call) => expectSame(run(call), naive(call))),
      { numRuns: 400 },
    );
  });

  it.each([
    [1, 1, 1],
    [1, 300, 1],
    [17, 70, 65],
    [5, 17, 2],
    [24, 64, 40],
  ])('has the bits of the definition at size %i x %i x %i, four of five elements zero', (m, k, n) => {
    const stream = new Random(3).stream('matmul');
    const sparse = (shape: Shape): Tensor => {
      const values = stream.normal(new Float32Array(shape[0] * shape[1]));
      const kept = stream.bernoulli(new Float32Array(values.length), 0.2);
      // A negative number times 0 makes the zeros of both signs.
      return new Tensor(
        values.map((x, i) => x * kept[i]),
        shape,
      );
    };
    const call = { a: sparse([m, k]), b: sparse([k, n]), shape: [m, n], ...plain };
    expectSame(run(call), naive(call));
  });

  it('gives NaN where a zero meets an infinity or NaN', () => {
    fc.assert(
      fc.property(dtypes, fc.constantFrom(0, -0), (dtype, zero) => {
        const a = build([1, 2], dtype, ([, k]) => (k === 0 ? zero : 1));
        const b = build([2, 3], dtype, ([k, n]) =>
          k === 1 ? 5 : [Number.POSITIVE_INFINITY, Number.NaN, 2][n],
        );
        expect([...run({ a, b, shape: [1, 3], ...plain }).data]).toEqual([Number.NaN, Number.NaN, 5]);
      }),
    );
  });

  it('gives +0 for the product over nothing, and for a sum of negative zeros', () => {
    const nothing = run({
      a: Tensor.empty([2, 0], 'float32'),
      b: Tensor.empty([0, 2], 'float32'),
      shape: [2, 2],
      ...plain,
    });
    expectSame(
      nothing,
      build([2, 2], 'float32', () => 0),
    );
    const negative = build([1, 3], 'float32', () => -0);
    const ones = build([3, 1], 'float32', () => 1);
    expect(Object.is(run({ a: negative, b: ones, shape: [1, 1], ...plain }).item(), 0)).toBe(true);
  });

  it('leaves its operands as they were', () => {
    fc.assert(
      fc.property(calls('float32'), (call) => {
        const [a, b] = [call.a.clone(), call.b.clone()];
        run(call);
        expectSame(call.a, a);
        expectSame(call.b, b);
      }),
      { numRuns: 50 },
    );
  });
});
