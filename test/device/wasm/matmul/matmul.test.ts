import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TileChooser } from '../../../../src/device/wasm/kernels/matmul/chooser.js';
import { fastMatmul, matmulWith } from '../../../../src/device/wasm/kernels/matmul/matmul.js';
import { TILES, tileName } from '../../../../src/device/wasm/kernels/matmul/tile.js';
import { Tensor } from '../../../../src/tensor/index.js';
import { matmulKernel } from '../../../../src/tensor/kernels/matmul.js';
import { expectSameBits } from '../bits.js';
import { resultOf, runtime } from '../runtime.js';
import { draw } from '../special.js';
import { calls } from './calls.js';
import { threads } from './threads.js';

const plain = (shape: readonly number[], inputs: readonly Tensor[], layout = ordinary): Tensor => {
  const out = Tensor.empty(shape, 'float32');
  matmulKernel(out, inputs, layout);
  return out;
};
const ordinary = { transposeA: false, transposeB: false };
const withTile = (tile: (typeof TILES)[number]) => {
  const settings = { tiles: new TileChooser([tile], () => 0), fastMath: false, sparseFrom: 2 };
  return matmulWith(() => settings);
};

describe.each(TILES.map((tile) => ({ name: tileName(tile), tile })))('the product by $name', ({ tile }) => {
  const kernel = withTile(tile);

  it('has the bits of the plain kernel: all transposes, batches, odd sizes, troublesome values', () => {
    const worthwhile = calls.filter(({ work }) => work >= 4096);
    fc.assert(
      fc.property(worthwhile, ({ a, b, shape, layout, copied }) => {
        const fast = resultOf(kernel, shape, [a, b], layout, { copied });
        expectSameBits(fast?.data ?? [], plain(shape, [a, b], layout).data);
      }),
    );
  });

  it('is declined below 4096 multiplications, and only there', () => {
    fc.assert(
      fc.property(calls, ({ a, b, shape, layout, work, copied }) => {
        const fast = resultOf(kernel, shape, [a, b], layout, { copied });
        expect(fast !== null).toBe(work >= 4096);
      }),
    );
  });

  it.each([
    [128, 784, 33],
    [33, 1030, 200],
    [1, 5000, 3],
    [301, 20, 129],
    [1000, 300, 7],
  ])('has them at size %i x %i x %i, in blocks, on one thread and on three', async (m, k, n) => {
    const [a, b] = [draw([m, k], 1, 'zeros'), draw([k, n], 2, 'ordinary')];
    const expected = plain([m, n], [a, b]);
    for (const on of [runtime, await threads(3)]) {
      for (const copied of [true, false]) {
        const fast = resultOf(kernel, [m, n], [a, b], ordinary, { copied, on });
        expectSameBits(fast?.data ?? [], expected.data);
      }
    }
  });
});

describe('the emitted matrix product', () => {
  it('declines small products, and leaves the result alone', () => {
    const x = draw([8, 8], 1, 'ordinary');
    expect(resultOf(fastMatmul, [8, 8], [x, x], ordinary, { copied: true })).toBeNull();
  });
});
