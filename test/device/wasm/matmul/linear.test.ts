import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { linear } from '../../../../src/autograd/ops/index.js';
import { TileChooser } from '../../../../src/device/wasm/kernels/matmul/chooser.js';
import { linearWith } from '../../../../src/device/wasm/kernels/matmul/linear.js';
import { TILES } from '../../../../src/device/wasm/kernels/matmul/tile.js';
import { Tensor } from '../../../../src/tensor/index.js';
import { map1, map2 } from '../../../../src/tensor/kernels/elementwise.js';
import { linearKernel } from '../../../../src/tensor/kernels/linear.js';
import { matmulKernel } from '../../../../src/tensor/kernels/matmul.js';
import { expectSameBits } from '../bits.js';
import { resultOf, runtime } from '../runtime.js';
import { draw, kinds } from '../special.js';
import { threads } from './threads.js';

const withTile = (tile: (typeof TILES)[number], sparseFrom = 2) => {
  const settings = { tiles: new TileChooser([tile], () => 0), fastMath: false, sparseFrom };
  return linearWith(() => settings);
};

const calls = fc.record({
  lead: fc.constantFrom<readonly number[]>([1], [7], [33], [2, 5], [3, 1, 4]),
  k: fc.integer({ min: 1, max: 60 }),
  n: fc.integer({ min: 1, max: 45 }),
  activation: fc.constantFrom('none' as const, 'relu' as const),
  kind: kinds,
  seed: fc.nat(1e6),
  copied: fc.boolean(),
  tile: fc.constantFrom(...TILES),
});

const plain = (shape: readonly number[], inputs: readonly Tensor[], activation: 'none' | 'relu'): Tensor => {
  const out = Tensor.empty(shape, 'float32');
  linearKernel(out, inputs, { activation });
  return out;
};

describe('the emitted linear map', () => {
  it('runs where it is worth it', () => {
    const [x, weight, bias] = [[16, 16], [16, 16], [16]].map((shape, i) => draw(shape, i, 'ordinary'));
    const inputs = [x, weight, bias];
    const fast = resultOf(withTile(TILES[0]), [16, 16], inputs, { activation: 'none' }, { copied: true });
    expectSameBits(fast?.data ?? [], plain([16, 16], inputs, 'none').data);
  });

  it('has the bits of the plain kernel: any tile, leading dimensions, activation, troublesome values', () => {
    fc.assert(
      fc.property(calls, ({ lead, k, n, activation, kind, seed, copied, tile }) => {
        const [x, weight, bias] = [[...lead, k], [n, k], [n]].map((shape, i) => draw(shape, seed + i, kind));
        const shape = [...lead, n];
        const fast = resultOf(withTile(tile), shape, [x, weight, bias], { activation }, { copied });
        expect(fast !== null).toBe((x.size / k) * n * k >= 4096);
        if (fast === null) return;
        expectSameBits(fast.data, plain(shape, [x, weight, bias], activation).data);
      }),
      { numRuns: 300 },
    );
  });

  it.each([
    ['dense, in blocks of k', 2],
    ['leaving out zeros', 0],
  ])('has them on one thread and on two: %s', async (_, sparseFrom) => {
    const [m, k, n] = [130, 1100, 77];
    const inputs = [draw([m, k], 1, 'zeros'), draw([n, k], 2, 'ordinary'), draw([n], 3, 'ordinary')];
    for (const on of [runtime, await threads(2)]) {
      for (const activation of ['none', 'relu'] as const) {
        const fast = resultOf(
          withTile(TILES[0], sparseFrom),
          [m, n],
          inputs,
          { activation },
          { copied: false, on },
        );
        expectSameBits(fast?.data ?? [], plain([m, n], inputs, activation).data);
      }
    }
  });
});

describe('the linear op', () => {
  it('is what its parts are', () => {
    const inputs = [draw([2, 5, 3], 1, 'ordinary'), draw([4, 3], 2, 'ordinary'), draw([4], 3, 'ordinary')];
    const [x, w, b] = inputs;
    for (const activation of ['none', 'relu'] as const) {
      const parts = linear.op.parts?.(inputs, { activation });
      expectSameBits(parts?.data ?? [], linear(x, w, b, { activation }).data);
    }
  });

  it('refuses an activation that there is not, and says which there are', () => {
    const [x, w, b] = [draw([2, 3], 1, 'ordinary'), draw([4, 3], 2, 'ordinary'), draw([4], 3, 'ordinary')];
    expect(() => Reflect.apply(linear, undefined, [x, w, b, { activation: 'tanh' }])).toThrow(
      new RangeError("linear: there is no activation 'tanh'; there are none, relu"),
    );
  });
});

describe('the plain linear map', () => {
  it('has the bits of matmul, add and relu one after the other', () => {
    fc.assert(
      fc.property(calls, ({ lead, k, n, kind, seed }) => {
        const [x, weight, bias] = [[...lead, k], [n, k], [n]].map((shape, i) => draw(shape, seed + i, kind));
        const steps = [1, 2, 3].map(() => Tensor.empty([...lead, n], 'float32'));
        matmulKernel(steps[0], [x, weight], { transposeA: false, transposeB: true });
        map2((a, b) => a + b)(steps[1], [steps[0], bias], undefined);
        map1((a) => Math.max(a, 0))(steps[2], [steps[1]], undefined);
        expectSameBits(plain([...lead, n], [x, weight, bias], 'none').data, steps[1].data);
        expectSameBits(plain([...lead, n], [x, weight, bias], 'relu').data, steps[2].data);
      }),
      { numRuns: 50 },
    );
  });
});
