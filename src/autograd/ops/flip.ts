import { fastLayout } from '../../device/wasm/kernels/layout.js';
import { flipLayout, layoutKernel } from '../../tensor/kernels/layout.js';
import { defineOp } from '../define-op.js';
import type { OpFunction } from '../op.js';
import { same } from '../shape-rules.js';
import { type AxesOptions, resolveAxes } from './axes.js';

/**
 * The elements of x in reverse order along axes, all of them by default.
 * @example flip(tensor([1, 2, 3])) // [3, 2, 1]
 * @throws ShapeError for an axis out of range or given twice.
 */
export const flip: OpFunction<1, AxesOptions> = defineOp({
  name: 'flip',
  doc: 'The elements of x in reverse order along axes (all of them by default).',
  arity: 1,
  options: ['axes', 'axis'],
  attributes: (given: AxesOptions | undefined, [x], name): { readonly axes: readonly number[] } => ({
    axes: resolveAxes(given, x.length, name),
  }),
  shape: same,
  forward: layoutKernel(flipLayout),
  kernels: { wasm: fastLayout('flip', flipLayout) },
  saves: [],
  vjp: [(g, { attributes: { axes } }) => flip(g, { axes })],
  domain: {
    cases: [
      { shapes: 'any' },
      { shapes: [['m', 'n']], attributes: { axis: 0 } },
      { shapes: [['l', 'm', 'n']], attributes: { axes: [-1, 0] } },
    ],
  },
});
