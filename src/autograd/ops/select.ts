import { maximumKernel, minimumKernel, whereKernel } from '../../tensor/kernels/arithmetic.js';
import { map1 } from '../../tensor/kernels/elementwise.js';
import { defineOp } from '../define-op.js';
import { fuse } from '../fuse.js';
import type { OpFunction } from '../op.js';
import { add, mul } from './arithmetic.js';
import { anyShape, broadcast, broadcasting, same } from './common.js';
import { greater, greaterEqual } from './compare.js';

/** -1, 0 or 1 by the sign of x, elementwise; no gradient flows. */
export const sign = defineOp({
  name: 'sign',
  doc: '-1, 0 or 1 by the sign of x, elementwise; a step, so no gradient flows.',
  arity: 1,
  shape: same,
  forward: map1(Math.sign),
  saves: [],
  vjp: ['constant'],
  domain: { inputs: [{ range: [-3, 3], kinks: [0] }], cases: anyShape, derivative: 'none' },
});

const absGradient = fuse('gradient of abs', (g, x) => mul(g, sign(x)));

/** |x|, elementwise; the derivative at 0 is 0. */
export const abs = defineOp({
  name: 'abs',
  doc: '|x|, elementwise; the derivative at 0 is 0.',
  arity: 1,
  shape: same,
  forward: map1(Math.abs),
  saves: ['inputs'],
  vjp: [(g, { x }) => absGradient(g, x)],
  domain: { inputs: [{ range: [-3, 3], kinks: [0] }], cases: anyShape },
});

/** What of g goes to a where the larger of a and b was taken: all where a > b, a half where they tie. */
const shareOfLarger = fuse('share of the larger', (g, a, b) =>
  mul(g, mul(add(greater(a, b), greaterEqual(a, b)), 0.5)),
);

/**
 * The larger of a and b, elementwise; NaN if either is, and a tie shares the gradient. Shapes broadcast.
 * @throws ShapeError when shapes do not broadcast.
 */
export const maximum = defineOp({
  name: 'maximum',
  doc: 'The larger of a and b, elementwise with broadcasting; NaN if either is; a tie shares the gradient.',
  arity: 2,
  shape: broadcast,
  forward: maximumKernel,
  saves: ['inputs'],
  vjp: [(g, { a, b }) => shareOfLarger(g, a, b), (g, { a, b }) => shareOfLarger(g, b, a)],
  domain: { cases: broadcasting, distinct: true },
});

/**
 * The smaller of a and b, elementwise; NaN if either is, and a tie shares the gradient. Shapes broadcast.
 * @throws ShapeError when shapes do not broadcast.
 */
export const minimum = defineOp({
  name: 'minimum',
  doc: 'The smaller of a and b, elementwise with broadcasting; NaN if either is; a tie shares the gradient.',
  arity: 2,
  shape: broadcast,
  forward: minimumKernel,
  saves: ['inputs'],
  vjp: [(g, { a, b }) => shareOfLarger(g, b, a), (g, { a, b }) => shareOfLarger(g, a, b)],
  domain: { cases: broadcasting, distinct: true },
});

/** Bounds of {@link clamp}; by default there is none on that side. */
export interface ClampBounds {
  readonly min?: number;
  readonly max?: number;
}

const clampGradient = fuse('gradient of clamp', (g, x, min, max) =>
  mul(g, mul(greaterEqual(x, min), greaterEqual(max, x))),
);

/**
 * x limited to min..max, elementwise; the derivative is 1 inside and at the bounds, 0 outside.
 * @throws RangeError when min exceeds max.
 */
export const clamp: OpFunction<1, ClampBounds> = defineOp({
  name: 'clamp',
  doc: 'x limited to min..max, elementwise; the derivative is 1 inside and at the bounds, 0 outside.',
  arity: 1,
  options: ['min', 'max'],
  attributes: (given: ClampBounds | undefined, _shapes, name) => {
    const { min = Number.NEGATIVE_INFINITY, max = Number.POSITIVE_INFINITY } = given ?? {};
    if (!(min <= max))
      throw new RangeError(`${name}: min must not exceed max, but got min ${min} and max ${max}`);
    return { min, max };
  },
  shape: same,
  forward: map1<Required<ClampBounds>>((x, { min, max }) => Math.min(Math.max(x, min), max)),
  saves: ['inputs'],
  vjp: [
    // As operands the bounds are of the dtype of x: a float32 x is at a bound when it is what the bound rounds to.
    (g, { x, attributes: { min, max } }) => clampGradient(g, x, min, max),
  ],
  domain: {
    inputs: [{ range: [-3, 3], kinks: [-1, 1] }],
    cases: [
      { shapes: 'any', attributes: { min: -1, max: 1 } },
      { shapes: 'any', attributes: { min: -1 } },
      { shapes: 'any', attributes: { max: 1 } },
    ],
  },
});

/**
 * b where a (the condition) is not 0, else c, elementwise; shapes broadcast. No gradient flows to the condition.
 * @example where(greater(x, 0), x, 0)
 * @throws ShapeError when shapes do not broadcast.
 */
export const where: OpFunction<3, never> = defineOp({
  name: 'where',
  doc: 'b where a (the condition) is not 0, else c, elementwise with broadcasting; no gradient flows to the condition.',
  arity: 3,
  shape: broadcast,
  forward: whereKernel,
  saves: ['inputs'],
  vjp: [
    'constant',
    (g, { inputs: [condition] }) => where(condition, g, 0),
    (g, { inputs: [condition] }) => where(condition, 0, g),
  ],
  domain: {
    inputs: [{ range: [0, 1], values: [0, 1] }, { range: [-3, 3] }, { range: [-3, 3] }],
    cases: broadcasting,
  },
});
