import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mean, type ReduceOptions, reduction, sum } from '../../../src/autograd/ops/reduce.js';
import { fastMean, fastSum } from '../../../src/device/wasm/kernels/sum.js';
import { Runtime } from '../../../src/device/wasm/runtime.js';
import { Random } from '../../../src/index.js';
import { scope } from '../../../src/tensor/memory/scope.js';
import { Tensor } from '../../../src/tensor/tensor.js';
import { edges, expectSameBits, pepper, tiny } from './bits.js';
import { inPlace, resultOf, runKernel, runtime } from './runtime.js';

const runtimes = [runtime, new Runtime(runtime.memory, 2), new Runtime(runtime.memory, 3)];
const pairs = [
  { fast: fastSum, plain: sum },
  { fast: fastMean, plain: mean },
];

const normal = (shape: readonly number[], seed: number): Tensor => {
  const data = new Float32Array(shape.reduce((a, b) => a * b, 1));
  new Random(seed).stream('x').normal(data);
  return new Tensor(data, shape);
};

/** Compares both ways, on one thread and several, copied and in place. Returns whether the fast one did it. */
function both(x: Tensor, given: ReduceOptions, { fast, plain }: (typeof pairs)[number]): boolean {
  const attributes = reduction(given, [x.shape], plain.op.name);
  const shape = plain.op.shape([x.shape], attributes);
  const expected = Tensor.empty(shape, x.dtype);
  plain.op.forward(expected, [x], attributes);
  const results = runtimes.flatMap((on) =>
    [true, false].map((copied) => resultOf(fast, shape, [x], attributes, { copied, on })),
  );
  for (const result of results) if (result !== null) expectSameBits(result.data, expected.data);
  const done = results.map((result) => result !== null);
  expect(new Set(done).size).toBe(1);
  return done[0];
}

describe.each(pairs)('the fast $fast.name', (pair) => {
  it.each([
    16,
    17,
    257,
    1023,
    1024,
    1025,
    1031,
    2048,
    3 * 1024 + 5,
    7 * 1024,
    10_007,
    64 * 1024,
    100_003,
    300_000,
  ])('of %i elements has the bits of the plain one', (count) => {
    expect(both(normal([count], count), {}, pair)).toBe(true);
  });

  it.each([
    { shape: [3, 1025], axes: -1 },
    { shape: [100, 7], axes: 1 },
    { shape: [4, 5, 6, 7], axes: [2, 3] },
    { shape: [300, 1], axes: 1 },
    { shape: [16, 20, 1], axes: [1] },
    { shape: [128, 400], axes: 0 },
    { shape: [1025, 3], axes: 0 },
    { shape: [5 * 1024 + 9, 5], axes: 0 },
    { shape: [7, 100], axes: 0 },
    { shape: [8, 32, 3], axes: [0, 1] },
    { shape: [9, 1, 32], axes: [0], keepDims: true },
    { shape: [1, 256], axes: [0] },
    { shape: [17, 31], axes: [0, 1], keepDims: true },
    { shape: [3, 70_001], axes: 1 },
    { shape: [257, 523], axes: 0 },
    { shape: [1030, 130], axes: 0 },
    { shape: [31, 17, 257], axes: 1 },
    { shape: [2, 3, 1025, 1, 37], axes: 2 },
    { shape: [5, 4, 3, 18], axes: [1, 2] },
    { shape: [10, 10, 10], axes: [0, 2] },
    { shape: [64, 33, 1, 40], axes: [0, 3] },
    { shape: [3, 5, 2, 7, 2], axes: [0, 2, 4] },
    { shape: [2, 600, 3, 50], axes: [1, 3], keepDims: true },
  ])('of $shape over $axes has the bits of the plain one', ({ shape, axes, keepDims = false }) => {
    const x = normal(shape, 1);
    expect(both(x, { axes, keepDims }, pair)).toBe(true);
    pepper(x.data, 5, 2);
    expect(both(x, { axes, keepDims }, pair)).toBe(true);
  });

  it('has the bits of the plain one for random shapes, with zeros, denormals, infinities and NaN', () => {
    const size = fc.integer({ min: 1, max: 60 });
    fc.assert(
      fc.property(
        fc.array(size, { minLength: 1, maxLength: 3 }),
        fc.nat(7),
        fc.nat(),
        fc.constantFrom(2, 50, 1000),
        fc.constantFrom(tiny, edges),
        (shape, chosen, seed, rarity, grains) => {
          const axes = shape.map((_, i) => i).filter((i) => (chosen >> i) % 2 === 1);
          const x = normal(shape, seed);
          pepper(x.data, rarity, seed, grains);
          const done = both(x, { axes }, pair);
          expect(done).toBe(x.size >= 16);
        },
      ),
      { numRuns: 100 },
    );
  });

  it.each([2 ** 19, 2 ** 20])('of %i columns does not run out of addresses', (columns) => {
    const x = new Tensor(new Float32Array(2 * columns).fill(1.5), [2, columns]);
    expect(both(x, { axes: 0 }, pair)).toBe(true);
  });

  it('leaves the sign of a sum of zeros as the plain one does', () => {
    const x = new Tensor(new Float32Array(2 * 1025).fill(-0), [2, 1025]);
    for (const axes of [0, 1, [0, 1]]) expect(both(x, { axes }, pair)).toBe(true);
  });

  it('leaves small tensors to the plain one', () => {
    expect(both(normal([15], 1), {}, pair)).toBe(false);
    expect(both(normal([0, 5], 1), { axes: 0 }, pair)).toBe(false);
  });

  it('writes nothing behind its result', () => {
    scope(() => {
      for (const columns of [17, 18, 19, 33, 39]) {
        const x = inPlace(normal([40, columns], columns));
        const out = Tensor.uninitialized([columns], 'float32');
        const after = runtime.memory.floats(out.address, columns + 16).subarray(columns);
        after.fill(7);
        runKernel(pair.fast, out, [x], { axes: [0] });
        expect([...after]).toEqual(Array.from({ length: 16 }, () => 7));
      }
    });
  });
});
