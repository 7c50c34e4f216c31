import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { OpFunction } from '../../../src/autograd/op.js';
import { max } from '../../../src/autograd/ops/extremes.js';
import type { ReduceOptions } from '../../../src/autograd/ops/reduce.js';
import { logSoftmax, logsumexp, softmax } from '../../../src/autograd/ops/softmax.js';
import type { FastKernel } from '../../../src/device/wasm/fast-kernel.js';
import type { OverAxes } from '../../../src/device/wasm/kernels/axes.js';
import { fastMax } from '../../../src/device/wasm/kernels/extreme.js';
import { fastLogSoftmax, fastLogsumexp, fastSoftmax } from '../../../src/device/wasm/kernels/softmax.js';
import { Runtime } from '../../../src/device/wasm/runtime.js';
import { Tensor } from '../../../src/tensor/index.js';
import { scope } from '../../../src/tensor/memory/scope.js';
import { normalizeAxes } from '../../../src/tensor/shape.js';
import { edges, expectSameBits, pepper, tiny } from './bits.js';
import { inPlace, resultOf, runKernel, runtime } from './runtime.js';
import { draw } from './special.js';

interface Pair {
  readonly fast: FastKernel<OverAxes>;
  readonly plain: OpFunction<1, ReduceOptions>;
}

const runtimes = [runtime, new Runtime(runtime.memory, 3)];
const pairs: readonly Pair[] = [
  { fast: fastSoftmax, plain: softmax },
  { fast: fastLogSoftmax, plain: logSoftmax },
  { fast: fastLogsumexp, plain: logsumexp },
  { fast: fastMax, plain: max },
];

const I = Number.POSITIVE_INFINITY;
const N = Number.NaN;

/** The same numbers, one float past where an array begins. */
function misaligned(x: Tensor): Tensor {
  const data = new Float32Array(x.size + 1).subarray(1);
  data.set(x.data);
  return new Tensor(data, x.shape);
}

/** Compares both ways, on one thread and three, copied and in place. Returns whether the fast one did it. */
function both(x: Tensor, { fast, plain }: Pair, axes: number | readonly number[] = -1): boolean {
  const attributes = { axes: normalizeAxes(axes, x.rank, plain.op.name), keepDims: false };
  const shape = plain.op.shape([x.shape], attributes);
  const expected = Tensor.empty(shape, x.dtype);
  plain.op.forward(expected, [x], attributes);
  const results = runtimes.flatMap((on) =>
    [true, false].flatMap((copied) =>
      (copied ? [x, misaligned(x)] : [x]).map((input) =>
        resultOf(fast, shape, [input], attributes, { copied, on }),
      ),
    ),
  );
  for (const result of results) if (result !== null) expectSameBits(result.data, expected.data);
  const done = results.map((result) => result !== null);
  expect(new Set(done).size).toBe(1);
  return done[0];
}

/** A row of 16 elements or more, which begins with the given ones. */
const rowOf = (first: readonly number[], rest: number): Tensor => {
  const data = new Float32Array(Math.max(17, first.length)).fill(rest);
  data.set(first);
  return new Tensor(data, [data.length]);
};

describe.each(pairs)('the fast $fast.name', (pair) => {
  it.each([
    [[16]],
    [[1, 17]],
    [[17, 1]],
    [[300, 3]],
    [[1024, 10]],
    [[7, 31]],
    [[128, 400]],
    [[3, 1023]],
    [[5, 1024]],
    [[2, 1025]],
    [[40, 1041]],
    [[6, 3 * 1024 + 5]],
    [[2, 7 * 1024]],
    [[4, 5, 6, 7]],
    [[100_003]],
  ])('over rows of %j has the bits of the plain one', (shape) => {
    for (const kind of ['ordinary', 'zeros', 'special']) {
      expect(both(draw(shape, shape.length, kind), pair)).toBe(true);
    }
  });

  it('has the bits of the plain one for random shapes, with zeros, denormals, infinities and NaN', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 12 }), { maxLength: 2 }),
        fc.oneof(fc.nat(40), fc.integer({ min: 1000, max: 1100 })),
        fc.nat(7),
        fc.nat(),
        fc.constantFrom(2, 50, 1000),
        fc.constantFrom(tiny, edges, [0, -0], [-I]),
        fc.constantFrom(1, 30, 0),
        (outer, width, chosen, seed, rarity, grains, scale) => {
          const x = draw([...outer, width], seed, 'ordinary');
          for (let i = 0; i < x.size; i++) x.data[i] *= scale;
          pepper(x.data, rarity, seed, grains);
          // There is no largest of nothing; its shape rule says so.
          if (x.size === 0) return;
          const axes = x.shape.map((_, i) => i).filter((i) => (chosen >> i) % 2 === 1);
          expect(both(x, pair, axes)).toBe(x.size >= 16);
        },
      ),
      { numRuns: 150 },
    );
  });

  it.each([
    [[-I, -I], -I],
    [[0], -I],
    [[I], 0],
    [[I, I], -I],
    [[I, -I], I],
    [[N], 0],
    [[-I, N], -I],
    [[N], I],
    [[0, -0], -1],
    [[-0, 0], -1],
    [[-0, -0], -0],
    [[-1, -0, 0], -0],
    [[3.4e38, -3.4e38], 1],
    [[-3.4e38], -3.4e38],
    [[1e-45, -1e-45], 0],
    [[1e-40, 0], -1e-45],
    [[104, 0.5], 0],
    [[1e30], -1e30],
    // The exponential vanishes between them.
    [[0, -103.9, -103.97, -103.98, -104, -104.01], -120],
  ])('takes the row %j followed by %d as the plain one does', (first, rest) => {
    const row = rowOf(first, rest);
    expect(both(row, pair)).toBe(true);
    expect(both(new Tensor(row.data.slice().reverse(), row.shape), pair)).toBe(true);
  });

  it('takes each row for itself', () => {
    const rows = [[-I], [N], [I], [1, 2], [-0, 0], [3e38]].map((first) => rowOf(first, -I));
    const data = new Float32Array(rows.flatMap((row) => [...row.data]));
    expect(both(new Tensor(data, [rows.length, 17]), pair)).toBe(true);
  });

  it.each([
    [
      [6, 5, 7],
      [1, 2],
    ],
    [
      [6, 5, 7],
      [0, 1, 2],
    ],
    [[6, 5, 1], [1]],
    [[6, 5, 1], [2]],
    [[9, 8], [0]],
    [[9, 8, 7], [1]],
    [
      [9, 8, 7],
      [0, 1],
    ],
    [
      [9, 8, 7],
      [0, 2],
    ],
    [[1030, 130], [0]],
    [[3, 1030, 33], [1]],
    [
      [31, 17, 257],
      [0, 2],
    ],
    [
      [3, 5, 2, 7, 2],
      [0, 2, 4],
    ],
  ])('takes %j over the axes %j as the plain one does', (shape, axes) => {
    for (const kind of ['ordinary', 'zeros', 'special']) {
      expect(both(draw(shape, shape.length, kind), pair, axes)).toBe(true);
    }
  });

  it('leaves small tensors to the plain one', () => {
    expect(both(draw([3, 5], 1, 'ordinary'), pair)).toBe(false);
  });

  it('writes nothing behind its result, and leaves its operand as it was', () => {
    scope(() => {
      for (const [columns, axes] of [1, 17, 18, 19, 33, 1025].flatMap((n) => [
        [n, -1],
        [n, 0],
      ])) {
        const x = inPlace(draw([20, columns], columns, 'special'));
        const before = x.data.slice();
        const attributes = { axes: normalizeAxes(axes, x.rank, pair.plain.op.name), keepDims: false };
        const out = Tensor.uninitialized(pair.plain.op.shape([x.shape], attributes), 'float32');
        // Buffers are followed by 64 bytes of room.
        const after = runtime.memory.floats(out.address, out.size + 16).subarray(out.size);
        after.fill(7);
        expect(runKernel(pair.fast, out, [x], attributes)).toBe(true);
        expect([...after]).toEqual(Array.from({ length: 16 }, () => 7));
        expectSameBits(x.data, before);
      }
    });
  });
});
