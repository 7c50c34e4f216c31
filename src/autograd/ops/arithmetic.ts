import {
  addKernel,
  divKernel,
  mulKernel,
  negKernel,
  sqrtKernel,
  squareKernel,
  subKernel,
} from '../../tensor/kernels/arithmetic.js';
import { defineOp } from '../define-op.js';
import type { OpFunction } from '../op.js';
import { anyShape, broadcast, broadcasting, same } from './common.js';

export const add = defineOp({
  name: 'add',
  doc: 'a + b, elementwise with broadcasting.',
  arity: 2,
  shape: broadcast,
  forward: addKernel,
  saves: [],
  vjp: [(g) => g, (g) => g],
  domain: { inputs: [{ range: [-3, 3] }], cases: broadcasting },
});

export const neg: OpFunction<1, never> = defineOp({
  name: 'neg',
  doc: '-x, elementwise.',
  arity: 1,
  shape: same,
  forward: negKernel,
  saves: [],
  vjp: [(g) => neg(g)],
  domain: { inputs: [{ range: [-3, 3] }], cases: anyShape },
});

export const sub = defineOp({
  name: 'sub',
  doc: 'a - b, elementwise with broadcasting.',
  arity: 2,
  shape: broadcast,
  forward: subKernel,
  saves: [],
  vjp: [(g) => g, (g) => neg(g)],
  domain: { inputs: [{ range: [-3, 3] }], cases: broadcasting },
});

export const mul: OpFunction<2, never> = defineOp({
  name: 'mul',
  doc: 'a * b, elementwise with broadcasting.',
  arity: 2,
  shape: broadcast,
  forward: mulKernel,
  saves: ['inputs'],
  vjp: [(g, { b }) => mul(g, b), (g, { a }) => mul(g, a)],
  domain: { inputs: [{ range: [-3, 3] }], cases: broadcasting },
});

export const div: OpFunction<2, never> = defineOp({
  name: 'div',
  doc: 'a / b, elementwise with broadcasting.',
  arity: 2,
  shape: broadcast,
  forward: divKernel,
  saves: ['inputs', 'output'],
  vjp: [(g, { b }) => div(g, b), (g, { b, y }) => neg(mul(g, div(y, b)))],
  domain: { inputs: [{ range: [-3, 3] }, { range: [0.5, 3] }], cases: broadcasting },
});

export const square = defineOp({
  name: 'square',
  doc: 'x^2, elementwise.',
  arity: 1,
  shape: same,
  forward: squareKernel,
  saves: ['inputs'],
  vjp: [(g, { x }) => mul(g, mul(x, 2))],
  domain: { inputs: [{ range: [-3, 3] }], cases: anyShape },
});

export const sqrt = defineOp({
  name: 'sqrt',
  doc: 'The square root of x, elementwise.',
  arity: 1,
  shape: same,
  forward: sqrtKernel,
  saves: ['output'],
  vjp: [(g, { y }) => div(g, mul(y, 2))],
  domain: { inputs: [{ range: [0.3, 4] }], cases: anyShape },
});
