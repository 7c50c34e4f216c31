import {
  addKernel,
  divKernel,
  mulKernel,
  negKernel,
  sqrtKernel,
  squareKernel,
  subKernel,
} from '../../tensor/kernels/arithmetic.js';
import { map2 } from '../../tensor/kernels/elementwise.js';
import { defineOp } from '../define-op.js';
import { fuse } from '../fuse.js';
import type { OpFunction } from '../op.js';
import { anyShape, broadcast, broadcasting, same } from './common.js';

/**
 * a + b, elementwise; shapes broadcast.
 * @throws ShapeError when shapes do not broadcast.
 */
export const add = defineOp({
  name: 'add',
  doc: 'a + b, elementwise with broadcasting.',
  arity: 2,
  shape: broadcast,
  forward: addKernel,
  saves: [],
  vjp: [(g) => g, (g) => g],
  domain: { cases: broadcasting },
});

/** -x, elementwise. */
export const neg: OpFunction<1, never> = defineOp({
  name: 'neg',
  doc: '-x, elementwise.',
  arity: 1,
  shape: same,
  forward: negKernel,
  saves: [],
  vjp: [(g) => neg(g)],
  domain: { cases: anyShape },
});

/**
 * a - b, elementwise; shapes broadcast.
 * @throws ShapeError when shapes do not broadcast.
 */
export const sub = defineOp({
  name: 'sub',
  doc: 'a - b, elementwise with broadcasting.',
  arity: 2,
  shape: broadcast,
  forward: subKernel,
  saves: [],
  vjp: [(g) => g, (g) => neg(g)],
  domain: { cases: broadcasting },
});

/**
 * a * b, elementwise; shapes broadcast.
 * @throws ShapeError when shapes do not broadcast.
 */
export const mul: OpFunction<2, never> = defineOp({
  name: 'mul',
  doc: 'a * b, elementwise with broadcasting.',
  arity: 2,
  shape: broadcast,
  forward: mulKernel,
  saves: ['inputs'],
  vjp: [(g, { b }) => mul(g, b), (g, { a }) => mul(g, a)],
  domain: { cases: broadcasting },
});

/** The gradient of y = a / b with respect to b. */
const divisorGradient = fuse('gradient of div', (g, y, b) => neg(mul(g, div(y, b))));

/**
 * a / b, elementwise; shapes broadcast.
 * @throws ShapeError when shapes do not broadcast.
 */
export const div: OpFunction<2, never> = defineOp({
  name: 'div',
  doc: 'a / b, elementwise with broadcasting.',
  arity: 2,
  shape: broadcast,
  forward: divKernel,
  saves: ['inputs', 'output'],
  vjp: [(g, { b }) => div(g, b), (g, { b, y }) => divisorGradient(g, y, b)],
  domain: { inputs: [{ range: [-3, 3] }, { range: [0.5, 3] }], cases: broadcasting },
});

const squareGradient = fuse('gradient of square', (g, x) => mul(g, mul(x, 2)));

/** x^2, elementwise. */
export const square = defineOp({
  name: 'square',
  doc: 'x^2, elementwise.',
  arity: 1,
  shape: same,
  forward: squareKernel,
  saves: ['inputs'],
  vjp: [(g, { x }) => squareGradient(g, x)],
  domain: { cases: anyShape },
});

const squaredDifferenceGradient = fuse('gradient of squaredDifference', (g, a, b) =>
  mul(g, mul(sub(a, b), 2)),
);

/**
 * (a - b)^2, elementwise; shapes broadcast.
 * @throws ShapeError when shapes do not broadcast.
 */
export const squaredDifference = defineOp({
  name: 'squaredDifference',
  doc: '(a - b)^2, elementwise with broadcasting.',
  arity: 2,
  shape: broadcast,
  // Rounding the difference, then the square is the float32 definition.
  forward: map2({
    f32: (a, b) => Math.fround(a - b) * Math.fround(a - b),
    f64: (a, b) => (a - b) * (a - b),
  }),
  saves: ['inputs'],
  vjp: [
    (g, { a, b }) => squaredDifferenceGradient(g, a, b),
    (g, { a, b }) => squaredDifferenceGradient(g, b, a),
  ],
  domain: { cases: broadcasting },
});

const sqrtGradient = fuse('gradient of sqrt', (g, y) => div(g, mul(y, 2)));

/** The square root of x, elementwise; NaN below 0. */
export const sqrt = defineOp({
  name: 'sqrt',
  doc: 'The square root of x, elementwise.',
  arity: 1,
  shape: same,
  forward: sqrtKernel,
  saves: ['output'],
  vjp: [(g, { y }) => sqrtGradient(g, y)],
  domain: { inputs: [{ range: [0.3, 4] }], cases: anyShape },
});
