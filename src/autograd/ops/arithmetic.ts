import * as f32x4 from '../../device/wasm/assembler/f32x4.js';
import { NANOSECONDS } from '../../device/wasm/costs.js';
import { exactly } from '../../program/primitive.js';
import { defineOp } from '../define-op.js';
import { definePrimitive } from '../define-primitive.js';
import { fuse } from '../fuse.js';
import type { OpFunction } from '../op.js';
import { anyShape, broadcasting } from '../shape-rules.js';

/**
 * a + b, elementwise; shapes broadcast.
 * @throws ShapeError when shapes do not broadcast.
 */
export const add = definePrimitive({
  name: 'add',
  doc: 'a + b, elementwise with broadcasting.',
  arity: 2,
  symbol: '+',
  plain: exactly((y, n, a, s, b, t) => {
    for (let i = 0; i < n; i++) y[i] = a[i & s] + b[i & t];
  }),
  vector: (_, a, b) => f32x4.add(a, b),
  saves: [],
  vjp: [(g) => g, (g) => g],
  domain: { cases: broadcasting },
});

/** -x, elementwise. */
export const neg: OpFunction<1, never> = definePrimitive({
  name: 'neg',
  doc: '-x, elementwise.',
  arity: 1,
  symbol: '-',
  plain: exactly((y, n, x, s) => {
    for (let i = 0; i < n; i++) y[i] = -x[i & s];
  }),
  vector: (_, x) => f32x4.neg(x),
  saves: [],
  vjp: [(g) => neg(g)],
  domain: { cases: anyShape },
});

/**
 * a - b, elementwise; shapes broadcast.
 * @throws ShapeError when shapes do not broadcast.
 */
export const sub = definePrimitive({
  name: 'sub',
  doc: 'a - b, elementwise with broadcasting.',
  arity: 2,
  symbol: '-',
  plain: exactly((y, n, a, s, b, t) => {
    for (let i = 0; i < n; i++) y[i] = a[i & s] - b[i & t];
  }),
  vector: (_, a, b) => f32x4.sub(a, b),
  saves: [],
  vjp: [(g) => g, (g) => neg(g)],
  domain: { cases: broadcasting },
});

/**
 * a * b, elementwise; shapes broadcast.
 * @throws ShapeError when shapes do not broadcast.
 */
export const mul: OpFunction<2, never> = definePrimitive({
  name: 'mul',
  doc: 'a * b, elementwise with broadcasting.',
  arity: 2,
  symbol: '*',
  plain: exactly((y, n, a, s, b, t) => {
    for (let i = 0; i < n; i++) y[i] = a[i & s] * b[i & t];
  }),
  vector: (_, a, b) => f32x4.mul(a, b),
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
export const div: OpFunction<2, never> = definePrimitive({
  name: 'div',
  doc: 'a / b, elementwise with broadcasting.',
  arity: 2,
  symbol: '/',
  plain: exactly((y, n, a, s, b, t) => {
    for (let i = 0; i < n; i++) y[i] = a[i & s] / b[i & t];
  }),
  vector: (_, a, b) => f32x4.div(a, b),
  nanoseconds: NANOSECONDS.division,
  saves: ['inputs', 'output'],
  vjp: [(g, { b }) => div(g, b), (g, { b, y }) => divisorGradient(g, y, b)],
  domain: { inputs: [{ range: [-3, 3] }, { range: [0.5, 3] }], cases: broadcasting },
});

const squareGradient = fuse('gradient of square', (g, x) => mul(g, mul(x, 2)));

/** x^2, elementwise. */
export const square = definePrimitive({
  name: 'square',
  doc: 'x^2, elementwise.',
  arity: 1,
  symbol: '^2',
  plain: exactly((y, n, x, s) => {
    for (let i = 0; i < n; i++) y[i] = x[i & s] * x[i & s];
  }),
  vector: (_, x) => f32x4.mul(x, x),
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
  body: (a, b) => square(sub(a, b)),
  saves: ['inputs'],
  vjp: [
    (g, { a, b }) => squaredDifferenceGradient(g, a, b),
    (g, { a, b }) => squaredDifferenceGradient(g, b, a),
  ],
  domain: { cases: broadcasting },
});

const sqrtGradient = fuse('gradient of sqrt', (g, y) => div(g, mul(y, 2)));

/** The square root of x, elementwise; NaN below 0. */
export const sqrt = definePrimitive({
  name: 'sqrt',
  doc: 'The square root of x, elementwise.',
  arity: 1,
  plain: exactly((y, n, x, s) => {
    for (let i = 0; i < n; i++) y[i] = Math.sqrt(x[i & s]);
  }),
  vector: (_, x) => f32x4.sqrt(x),
  nanoseconds: NANOSECONDS.division,
  saves: ['output'],
  vjp: [(g, { y }) => sqrtGradient(g, y)],
  domain: { inputs: [{ range: [0.3, 4] }], cases: anyShape },
});
