import { eachProduct, type MatmulLayout, matmulSizes } from '../../../../tensor/kernels/matmul.js';
import { MIN_MULTIPLICATIONS } from '../../costs.js';
import type { FastKernel } from '../../fast-kernel.js';
import { FLOAT } from '../../sizes.js';
import { multiply } from './multiply.js';
import { type MatmulSettings, matmulSettings } from './settings.js';

/** The matrix product, all four transposes and batches. */
export const matmulWith = (settings: () => MatmulSettings): FastKernel<MatmulLayout> => ({
  name: 'matmul',
  run(runtime, out, [a, b], layout) {
    const { m, k, n } = matmulSizes(out, a, layout);
    if (out.size * k < MIN_MULTIPLICATIONS) return false;
    const left = runtime.operand(a);
    const right = runtime.operand(b);
    const to = runtime.result(out);
    const [aOuter, aInner] = layout.transposeA ? [1, m] : [k, 1];
    const [bInner, bOuter] = layout.transposeB ? [1, k] : [n, 1];
    eachProduct(out, [a, b], (at, aAt, bAt) => {
      const product = {
        m,
        k,
        n,
        a: { address: left + aAt * FLOAT, inner: aInner * FLOAT, outer: aOuter * FLOAT },
        b: { address: right + bAt * FLOAT, inner: bInner * FLOAT, outer: bOuter * FLOAT },
        c: to + at * m * n * FLOAT,
        cStep: n * FLOAT,
        bias: 0,
        relu: false,
      };
      multiply(runtime, product, settings());
    });
    runtime.finish(out, to);
    return true;
  },
});

export const fastMatmul = matmulWith(matmulSettings);
