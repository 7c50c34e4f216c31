import type { LinearAttributes } from '../../../../tensor/kernels/linear.js';
import { MIN_MULTIPLICATIONS } from '../../costs.js';
import type { FastKernel } from '../../fast-kernel.js';
import { FLOAT } from '../../sizes.js';
import { multiply } from './multiply.js';
import { type MatmulSettings, matmulSettings } from './settings.js';

/** Kernels read the bias in whole panels, of up to this many numbers. */
const WIDEST_PANEL = 32;

/** x · weight^T + bias, with relu on request, in the last pass of the product. */
export const linearWith = (settings: () => MatmulSettings): FastKernel<LinearAttributes> => ({
  name: 'linear',
  run(runtime, out, [x, weight, bias], { activation }) {
    const [n, k] = weight.shape;
    if (out.size * k < MIN_MULTIPLICATIONS) return false;
    const row = runtime.reserve(n + WIDEST_PANEL);
    runtime.memory.floats(row, n).set(bias.data);
    const to = runtime.result(out);
    const product = {
      m: out.size / n,
      k,
      n,
      a: { address: runtime.operand(x), inner: FLOAT, outer: k * FLOAT },
      b: { address: runtime.operand(weight), inner: FLOAT, outer: k * FLOAT },
      c: to,
      cStep: n * FLOAT,
      bias: row,
      relu: activation === 'relu',
    };
    multiply(runtime, product, settings());
    runtime.finish(out, to);
    return true;
  },
});

export const fastLinear = linearWith(matmulSettings);
