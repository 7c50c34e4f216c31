import { greaterEqualKernel, greaterKernel } from '../../tensor/kernels/arithmetic.js';
import { map2 } from '../../tensor/kernels/elementwise.js';
import { defineOp } from '../define-op.js';
import { broadcast, broadcasting } from './common.js';

const steps = {
  cases: broadcasting,
  distinct: true,
  derivative: 'none',
} as const;

/** Values that often meet. */
const ties = {
  inputs: [{ range: [-1, 1], values: [-1, 0, 0.5, 1] }],
  cases: broadcasting,
  derivative: 'none',
} as const;

/** 1 where a > b, else 0 (also beside NaN); shapes broadcast, and no gradient flows. */
export const greater = defineOp({
  name: 'greater',
  doc: '1 where a > b, else 0, elementwise with broadcasting; a step, so no gradient flows.',
  arity: 2,
  shape: broadcast,
  forward: greaterKernel,
  saves: [],
  vjp: ['constant', 'constant'],
  domain: steps,
});

/** 1 where a >= b, else 0 (also beside NaN); shapes broadcast, and no gradient flows. */
export const greaterEqual = defineOp({
  name: 'greaterEqual',
  doc: '1 where a >= b, else 0, elementwise with broadcasting; a step, so no gradient flows.',
  arity: 2,
  shape: broadcast,
  forward: greaterEqualKernel,
  saves: [],
  vjp: ['constant', 'constant'],
  domain: steps,
});

/** 1 where a < b, else 0 (also beside NaN); shapes broadcast, and no gradient flows. */
export const less = defineOp({
  name: 'less',
  doc: '1 where a < b, else 0, elementwise with broadcasting; a step, so no gradient flows.',
  arity: 2,
  shape: broadcast,
  forward: map2((a, b) => (a < b ? 1 : 0)),
  saves: [],
  vjp: ['constant', 'constant'],
  domain: steps,
});

/** 1 where a <= b, else 0 (also beside NaN); shapes broadcast, and no gradient flows. */
export const lessEqual = defineOp({
  name: 'lessEqual',
  doc: '1 where a <= b, else 0, elementwise with broadcasting; a step, so no gradient flows.',
  arity: 2,
  shape: broadcast,
  forward: map2((a, b) => (a <= b ? 1 : 0)),
  saves: [],
  vjp: ['constant', 'constant'],
  domain: steps,
});

/**
 * 1 where a equals b, else 0: 0 equals -0, and NaN equals nothing. Shapes broadcast, and no gradient flows.
 * Whether two tensors agree as a whole is what `equal` says.
 */
export const equalTo = defineOp({
  name: 'equalTo',
  doc: '1 where a = b, else 0, elementwise with broadcasting; a step, so no gradient flows.',
  arity: 2,
  shape: broadcast,
  forward: map2((a, b) => (a === b ? 1 : 0)),
  saves: [],
  vjp: ['constant', 'constant'],
  domain: ties,
});

/** 1 where a differs from b, else 0: NaN differs from everything. Shapes broadcast, and no gradient flows. */
export const notEqual = defineOp({
  name: 'notEqual',
  doc: '1 where a differs from b, else 0, elementwise with broadcasting; a step, so no gradient flows.',
  arity: 2,
  shape: broadcast,
  forward: map2((a, b) => (a !== b ? 1 : 0)),
  saves: [],
  vjp: ['constant', 'constant'],
  domain: ties,
});
