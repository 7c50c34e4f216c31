import * as f32x4 from '../../device/wasm/assembler/f32x4.js';
import * as i32x4 from '../../device/wasm/assembler/i32x4.js';
import * as v128 from '../../device/wasm/assembler/v128.js';
import { exactly } from '../../program/primitive.js';
import { defineOp } from '../define-op.js';
import { definePrimitive } from '../define-primitive.js';
import { fuse } from '../fuse.js';
import type { OpFunction } from '../op.js';
import { anyShape, broadcasting } from '../shape-rules.js';
import { add, mul } from './arithmetic.js';
import { greater, greaterEqual } from './compare.js';

/** -1, 0 or 1 by the sign of x, elementwise; no gradient flows. */
export const sign = definePrimitive({
  name: 'sign',
  doc: '-1, 0 or 1 by the sign of x, elementwise; a step, so no gradient flows.',
  arity: 1,
  plain: exactly((y, n, x, s) => {
    for (let i = 0; i < n; i++) y[i] = Math.sign(x[i & s]);
  }),
  // Zeros and NaN are what they are.
  vector: (_, x) => {
    const signed = v128.or(v128.and(x, i32x4.all(0x80000000)), f32x4.all(1));
    return v128.bitselect(signed, x, v128.or(f32x4.lt(x, 0), f32x4.gt(x, 0)));
  },
  saves: [],
  vjp: ['constant'],
  domain: { inputs: [{ range: [-3, 3], kinks: [0] }], cases: anyShape, derivative: 'none' },
});

const absGradient = fuse('gradient of abs', (g, x) => mul(g, sign(x)));

/** |x|, elementwise; the derivative at 0 is 0. */
export const abs = definePrimitive({
  name: 'abs',
  doc: '|x|, elementwise; the derivative at 0 is 0.',
  arity: 1,
  plain: exactly((y, n, x, s) => {
    for (let i = 0; i < n; i++) y[i] = Math.abs(x[i & s]);
  }),
  vector: (_, x) => f32x4.abs(x),
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
export const maximum = definePrimitive({
  name: 'maximum',
  doc: 'The larger of a and b, elementwise with broadcasting; NaN if either is; a tie shares the gradient.',
  arity: 2,
  symbol: 'max',
  plain: exactly((y, n, a, s, b, t) => {
    for (let i = 0; i < n; i++) y[i] = Math.max(a[i & s], b[i & t]);
  }),
  vector: (_, a, b) => f32x4.max(a, b),
  saves: ['inputs'],
  vjp: [(g, { a, b }) => shareOfLarger(g, a, b), (g, { a, b }) => shareOfLarger(g, b, a)],
  domain: { cases: broadcasting, distinct: true },
});

/**
 * The smaller of a and b, elementwise; NaN if either is, and a tie shares the gradient. Shapes broadcast.
 * @throws ShapeError when shapes do not broadcast.
 */
export const minimum = definePrimitive({
  name: 'minimum',
  doc: 'The smaller of a and b, elementwise with broadcasting; NaN if either is; a tie shares the gradient.',
  arity: 2,
  symbol: 'min',
  plain: exactly((y, n, a, s, b, t) => {
    for (let i = 0; i < n; i++) y[i] = Math.min(a[i & s], b[i & t]);
  }),
  vector: (_, a, b) => f32x4.min(a, b),
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
export const clamp: OpFunction<1, ClampBounds> = defineOp<1, ClampBounds, Required<ClampBounds>>({
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
  body: (x, { min, max }) => minimum(maximum(x, min), max),
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
export const where: OpFunction<3, never> = definePrimitive({
  name: 'where',
  doc: 'b where a (the condition) is not 0, else c, elementwise with broadcasting; no gradient flows to the condition.',
  arity: 3,
  plain: exactly((y, n, condition, s, a, t, b, u) => {
    for (let i = 0; i < n; i++) y[i] = condition[i & s] !== 0 ? a[i & t] : b[i & u];
  }),
  vector: (_, condition, a, b) => v128.bitselect(a, b, f32x4.ne(condition, 0)),
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
