import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Tensor } from '../../../src/tensor/index.js';
import { matmulKernel } from '../../../src/tensor/kernels/matmul.js';
import { fastMatmul } from '../../../src/tensor/wasm/kernels/matmul.js';
import { expectSameBits } from './bits.js';
import { resultOf, runKernel } from './runtime.js';
import { draw, kinds } from './special.js';

/** Shapes of both batches and of the result's. */
const batches: readonly (readonly [number[], number[], number[]])[] = [
  [[], [], []],
  [[2], [2], [2]],
  [[3], [], [3]],
  [
    [2, 1],
    [1, 3],
    [2, 3],
  ],
];

const calls = fc
  .record({
    batch: fc.constantFrom(...batches),
    m: fc.integer({ min: 1, max: 33 }),
    k: fc.integer({ min: 1, max: 70 }),
    n: fc.integer({ min: 1, max: 41 }),
    transposeA: fc.boolean(),
    transposeB: fc.boolean(),
    kindA: kinds,
    kindB: kinds,
    seed: fc.nat(1e6),
  })
  .map(({ batch: [first, second, out], m, k, n, transposeA, transposeB, kindA, kindB, seed }) => ({
    a: draw([...first, ...(transposeA ? [k, m] : [m, k])], seed, kindA),
    b: draw([...second, ...(transposeB ? [n, k] : [k, n])], seed + 1, kindB),
    shape: [...out, m, n],
    layout: { transposeA, transposeB },
    work: out.reduce((size, d) => size * d, 1) * m * n * k,
  }));

describe('the emitted matrix product', () => {
  it('has the bits of the plain kernel: all transposes, batches, odd sizes, troublesome values', () => {
    let ran = 0;
    fc.assert(
      fc.property(calls, ({ a, b, shape, layout, work }) => {
        const [plain, fast] = [Tensor.empty(shape, 'float32'), Tensor.empty(shape, 'float32')];
        const done = fastMatmul.run(runtime, fast, [a, b], layout);
        expect(done).toBe(work >= 4096);
        if (!done) return;
        ran++;
        matmulKernel(plain, [a, b], layout);
        expectSameBits(fast.data, plain.data);
      }),
      { numRuns: 400 },
    );
    expect(ran).toBeGreaterThan(200);
  });

  it.each([
    [128, 784, 33],
    [1, 5000, 3],
    [301, 20, 9],
  ])('has them at size %i x %i x %i', (m, k, n) => {
    const [a, b] = [draw([m, k], 1, 'zeros'), draw([k, n], 2, 'ordinary')];
    const [plain, fast] = [Tensor.empty([m, n], 'float32'), Tensor.empty([m, n], 'float32')];
    const layout = { transposeA: false, transposeB: false };
    matmulKernel(plain, [a, b], layout);
    expect(fastMatmul.run(runtime, fast, [a, b], layout)).toBe(true);
    expectSameBits(fast.data, plain.data);
  });

  it('declines float64, small products and unknown attributes, and leaves the result alone', () => {
    const square = (size: number, dtype: 'float32' | 'float64') =>
      draw([size, size], 1, 'ordinary').to(dtype);
    const layout = { transposeA: false, transposeB: false };
    for (const [size, dtype, attributes] of [
      [32, 'float64', layout],
      [8, 'float32', layout],
      [32, 'float32', undefined],
    ] as const) {
      const x = square(size, dtype);
      const out = Tensor.empty([size, size], dtype);
      expect(fastMatmul.run(runtime, out, [x, x], attributes)).toBe(false);
      expect(out.data.every((value) => value === 0)).toBe(true);
    }
  });
});
