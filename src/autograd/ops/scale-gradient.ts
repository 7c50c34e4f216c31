import { fastLayout } from '../../device/wasm/kernels/layout.js';
import { layoutKernel, reshapeLayout } from '../../tensor/kernels/layout.js';
import type { Tensor } from '../../tensor/tensor.js';
import { defineOp } from '../define-op.js';
import type { OpFunction } from '../op.js';
import { same } from '../shape-rules.js';
import { mul } from './arithmetic.js';

/** What a gradient is multiplied by. */
export interface GradientScale {
  /** Called when the gradient arrives: a number, or a constant that broadcasts to the gradient's shape. */
  readonly by: () => Tensor | number;
}

/**
 * The identity, with its gradient multiplied by a tensor that may be computed after x: for weights that depend on what x leads
 * to, such as importance weights.
 * @example scaleGradient(z, { by: () => weights }) // [rows, latent], weights [rows, 1]
 * @throws TypeError unless `by` is a function.
 */
export const scaleGradient: OpFunction<1, GradientScale> = defineOp({
  name: 'scaleGradient',
  doc: 'x itself, whose gradient is multiplied by a tensor that is asked for when it comes.',
  arity: 1,
  options: ['by'],
  attributes: (given: GradientScale | undefined, _, name): GradientScale => {
    if (typeof given?.by === 'function') return { by: given.by };
    throw new TypeError(`${name}: needs a function, as in ${name}(x, { by: () => weights })`);
  },
  shape: same,
  forward: layoutKernel(reshapeLayout),
  kernels: { wasm: fastLayout('scaleGradient', reshapeLayout) },
  saves: [],
  vjp: [(g, { attributes }) => mul(g, attributes.by())],
  domain: {
    // By 1 alone it is the derivative.
    cases: [{ shapes: [['m', 'n']], attributes: { by: () => 1 }, label: 'by 1' }],
  },
});
