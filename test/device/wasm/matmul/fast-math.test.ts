import { describe, expect, it } from 'vitest';
import { hasRelaxedSimd, hasSimd } from '../../../../src/device/wasm/engine.js';
import { TileChooser } from '../../../../src/device/wasm/kernels/matmul/chooser.js';
import { matmulWith } from '../../../../src/device/wasm/kernels/matmul/matmul.js';
import { matmulSettings } from '../../../../src/device/wasm/kernels/matmul/settings.js';
import { TILES } from '../../../../src/device/wasm/kernels/matmul/tile.js';
import { Tensor } from '../../../../src/tensor/index.js';
import { matmulKernel } from '../../../../src/tensor/kernels/matmul.js';
import { resultOf } from '../runtime.js';
import { draw } from '../special.js';

const layout = { transposeA: false, transposeB: false };

describe('fastMath', () => {
  it('is off unless asked for', () => {
    expect(matmulSettings().fastMath).toBe(false);
  });

  it('needs an engine that knows more than SIMD', () => {
    expect(hasSimd()).toBe(true);
    expect(typeof hasRelaxedSimd()).toBe('boolean');
  });

  it.runIf(hasRelaxedSimd()).each([
    ['dense', 2],
    ['sparse', 0],
  ])('is close to the exact product: %s', (_, sparseFrom) => {
    const [m, k, n] = [101, 300, 67];
    const [a, b] = [draw([m, k], 1, 'ordinary'), draw([k, n], 2, 'ordinary')];
    const wide = Tensor.empty([m, n], 'float64');
    matmulKernel(wide, [a.to('float64'), b.to('float64')], layout);
    const sizes = Tensor.empty([m, n], 'float64');
    const absolute = (x: Tensor) => new Tensor(Float64Array.from(x.data, Math.abs), x.shape);
    matmulKernel(sizes, [absolute(a), absolute(b)], layout);
    const settings = { tiles: new TileChooser([TILES[0]], () => 0), fastMath: true, sparseFrom };
    const fast = resultOf(
      matmulWith(() => settings),
      [m, n],
      [a, b],
      layout,
      { copied: false },
    );
    expect(fast?.size).toBe(m * n);
    fast?.data.forEach((x, i) => {
      // One rounding for each product and sum, or one for both.
      expect(Math.abs(x - wide.data[i])).toBeLessThanOrEqual(k * 2 ** -24 * sizes.data[i]);
    });
  });
});
