import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TileChooser } from '../../../../src/device/wasm/kernels/matmul/chooser.js';
import { matmulWith } from '../../../../src/device/wasm/kernels/matmul/matmul.js';
import { findSparse } from '../../../../src/device/wasm/kernels/matmul/sparse.js';
import { TILES } from '../../../../src/device/wasm/kernels/matmul/tile.js';
import { Tensor } from '../../../../src/tensor/index.js';
import { matmulKernel } from '../../../../src/tensor/kernels/matmul.js';
import { expectSameBits } from '../bits.js';
import { resultOf, runtime } from '../runtime.js';
import { draw } from '../special.js';
import { threads } from './threads.js';

const settings = { tiles: new TileChooser([TILES[0]], () => 0), fastMath: false, sparseFrom: 0.5 };
const kernel = matmulWith(() => settings);

/** Normal draws, of which all but a few are zeros of both signs; `spike` stands somewhere among them. */
function sparse(shape: readonly number[], seed: number, spike = 1): Tensor {
  const x = draw(shape, seed, 'ordinary');
  for (let i = 0; i < x.size; i++) if ((i * 7919 + seed) % 11 < 8) x.data[i] = i % 2 === 0 ? 0 : -0;
  x.data[(seed * 31) % x.size] = spike;
  return x;
}

const products = fc.record({
  m: fc.integer({ min: 80, max: 140 }),
  k: fc.integer({ min: 80, max: 100 }),
  n: fc.integer({ min: 80, max: 140 }),
  transposeA: fc.boolean(),
  transposeB: fc.boolean(),
  which: fc.constantFrom('left', 'right', 'both'),
  spikes: fc.array(fc.constantFrom(1, 1, 1, Infinity, -Infinity, Number.NaN, 1e-40, 3e38), {
    minLength: 2,
    maxLength: 2,
  }),
  seed: fc.nat(1e5),
  copied: fc.boolean(),
});

describe('products with many zeros', () => {
  it.each([1, 2])(
    'have the bits of the plain kernel, whatever stands in the other operand: %i threads',
    async (count) => {
      const on = count === 1 ? runtime : await threads(count);
      fc.assert(
        fc.property(products, ({ m, k, n, transposeA, transposeB, which, spikes, seed, copied }) => {
          const [shapeA, shapeB] = [transposeA ? [k, m] : [m, k], transposeB ? [n, k] : [k, n]];
          const a = which === 'right' ? draw(shapeA, seed, 'ordinary') : sparse(shapeA, seed, spikes[0]);
          const b = which === 'left' ? draw(shapeB, seed, 'ordinary') : sparse(shapeB, seed + 1, spikes[1]);
          const expected = Tensor.empty([m, n], 'float32');
          matmulKernel(expected, [a, b], { transposeA, transposeB });
          const fast = resultOf(kernel, [m, n], [a, b], { transposeA, transposeB }, { copied, on });
          expectSameBits(fast?.data ?? [], expected.data);
        }),
        { numRuns: 60 },
      );
    },
  );

  it('are found by their share of zeros, where the other operand is finite', () => {
    const place = (x: Tensor) => ({ address: runtime.put(Float32Array.from(x.data)), inner: 4, outer: 4 });
    const find = (a: Tensor, b: Tensor, relu = false) =>
      runtime.scoped(() => {
        const [m, k] = a.shape;
        const product = { m, k, n: b.shape[1], a: place(a), b: place(b), c: 0, cStep: 0, bias: 0, relu };
        return findSparse(runtime, product, 0.5);
      });
    const dense = draw([33, 31], 1, 'ordinary');
    const few = sparse([31, 33], 2);
    const share = Array.from(few.data).filter((x) => x === 0).length / few.size;
    expect(find(dense, dense.view([31, 33]))).toBeNull();
    // The share is that of a sample.
    const about = (operand: 'a' | 'b') => ({ operand, zeros: expect.closeTo(share, 1) });
    expect(find(few.view([33, 31]), dense.view([31, 33]))).toEqual(about('a'));
    expect(find(dense, few)).toEqual(about('b'));
    expect(find(dense, few, true)).toBeNull();
    const none = Tensor.empty([33, 31], 'float32');
    expect(find(none, few)).toEqual({ operand: 'a', zeros: 1 });
    expect(find(few.view([33, 31]), none.view([31, 33]))).toEqual({ operand: 'b', zeros: 1 });
    for (const at of [0, 5, 500, dense.size - 2, dense.size - 1]) {
      for (const strange of [Infinity, -Infinity, Number.NaN]) {
        const spoilt = dense.clone();
        spoilt.data[at] = strange;
        expect(find(spoilt, few)).toBeNull();
        expect(find(few.view([33, 31]), spoilt.view([31, 33]))).toBeNull();
        // Zeros that are fewer, but may be left out.
        const strangeFew = few.clone();
        strangeFew.data[at] = strange;
        expect(find(none, strangeFew)).toEqual(about('b'));
      }
    }
  });
});
