import { around } from '../../tensor/kernels/layout.js';
import type { Tensor } from '../../tensor/tensor.js';
import { defineOp } from '../define-op.js';
import type { OpFunction } from '../op.js';
import { same } from '../shape-rules.js';
import { type AxesOptions, resolveAxis } from './axes.js';

/** Options of {@link cumsum}. The axis defaults to 0. */
export interface CumsumOptions extends AxesOptions {
  /** Sum from the end instead of from the beginning. Defaults to false. */
  readonly reverse?: boolean;
}

interface Attributes {
  readonly axis: number;
  readonly reverse: boolean;
}

/** Adds one element after another, each sum rounded. */
function cumsumKernel(out: Tensor, [x]: readonly Tensor[], { axis, reverse }: Attributes): void {
  const [outer, n, inner] = around(x.shape, axis);
  const [from, to] = [x.data, out.data];
  to.set(from);
  const step = reverse ? -inner : inner;
  for (let o = 0; o < outer; o++) {
    const first = (o * n + (reverse ? n - 1 : 0)) * inner;
    for (let i = 1; i < n; i++) {
      const at = first + i * step;
      for (let j = at; j < at + inner; j++) to[j] += to[j - step];
    }
  }
}

/**
 * Running sums along an axis (0 by default): element i of the result is the sum of elements 0 to i of x, or of i to the last with
 * `reverse`. They are added one after another, so that the rounding error grows with the length. The shape stays.
 * @example cumsum(tensor([1, 2, 3])) // [1, 3, 6]
 * @throws ShapeError for an axis out of range.
 */
export const cumsum: OpFunction<1, CumsumOptions> = defineOp({
  name: 'cumsum',
  doc: 'Running sums along an axis (0 by default), from its end with reverse.',
  arity: 1,
  options: ['axis', 'axes', 'reverse'],
  attributes: (given: CumsumOptions | undefined, [x], name): Attributes => ({
    axis: resolveAxis(given, x.length, name),
    reverse: given?.reverse ?? false,
  }),
  shape: same,
  forward: cumsumKernel,
  saves: [],
  vjp: [(g, { attributes: { axis, reverse } }) => cumsum(g, { axis, reverse: !reverse })],
  domain: {
    cases: [
      { shapes: [['n']] },
      { shapes: [['m', 'n']], attributes: { axis: -1 } },
      { shapes: [['l', 'm', 'n']], attributes: { axis: 1, reverse: true } },
    ],
  },
});
