import * as f32x4 from '../../device/wasm/assembler/f32x4.js';
import type { V128 } from '../../device/wasm/assembler/index.js';
import * as v128 from '../../device/wasm/assembler/v128.js';
import { exactly } from '../../program/primitive.js';
import { definePrimitive } from '../define-primitive.js';
import { broadcasting } from '../shape-rules.js';

/** What comparisons have in common. */
const step = {
  arity: 2,
  saves: [],
  vjp: ['constant', 'constant'],
  domain: { cases: broadcasting, distinct: true, derivative: 'none' },
} as const;

/** Values that often meet. */
const ties = {
  inputs: [{ range: [-1, 1], values: [-1, 0, 0.5, 1] }],
  cases: broadcasting,
  derivative: 'none',
} as const;

/** 1 where a mask is set, else 0. */
const asNumber = (mask: V128): V128 => v128.and(mask, f32x4.all(1));

/** 1 where a > b, else 0 (also beside NaN); shapes broadcast, and no gradient flows. */
export const greater = definePrimitive({
  ...step,
  name: 'greater',
  doc: '1 where a > b, else 0, elementwise with broadcasting; a step, so no gradient flows.',
  symbol: '>',
  plain: exactly((y, n, a, s, b, t) => {
    for (let i = 0; i < n; i++) y[i] = a[i & s] > b[i & t] ? 1 : 0;
  }),
  vector: (_, a, b) => asNumber(f32x4.gt(a, b)),
});

/** 1 where a >= b, else 0 (also beside NaN); shapes broadcast, and no gradient flows. */
export const greaterEqual = definePrimitive({
  ...step,
  name: 'greaterEqual',
  doc: '1 where a >= b, else 0, elementwise with broadcasting; a step, so no gradient flows.',
  symbol: '>=',
  plain: exactly((y, n, a, s, b, t) => {
    for (let i = 0; i < n; i++) y[i] = a[i & s] >= b[i & t] ? 1 : 0;
  }),
  vector: (_, a, b) => asNumber(f32x4.ge(a, b)),
});

/** 1 where a < b, else 0 (also beside NaN); shapes broadcast, and no gradient flows. */
export const less = definePrimitive({
  ...step,
  name: 'less',
  doc: '1 where a < b, else 0, elementwise with broadcasting; a step, so no gradient flows.',
  symbol: '<',
  plain: exactly((y, n, a, s, b, t) => {
    for (let i = 0; i < n; i++) y[i] = a[i & s] < b[i & t] ? 1 : 0;
  }),
  vector: (_, a, b) => asNumber(f32x4.lt(a, b)),
});

/** 1 where a <= b, else 0 (also beside NaN); shapes broadcast, and no gradient flows. */
export const lessEqual = definePrimitive({
  ...step,
  name: 'lessEqual',
  doc: '1 where a <= b, else 0, elementwise with broadcasting; a step, so no gradient flows.',
  symbol: '<=',
  plain: exactly((y, n, a, s, b, t) => {
    for (let i = 0; i < n; i++) y[i] = a[i & s] <= b[i & t] ? 1 : 0;
  }),
  vector: (_, a, b) => asNumber(f32x4.le(a, b)),
});

/**
 * 1 where a equals b, else 0: 0 equals -0, and NaN equals nothing. Shapes broadcast, and no gradient flows.
 * Whether two tensors agree as a whole is what `equal` says.
 */
export const equalTo = definePrimitive({
  ...step,
  name: 'equalTo',
  doc: '1 where a = b, else 0, elementwise with broadcasting; a step, so no gradient flows.',
  symbol: '==',
  plain: exactly((y, n, a, s, b, t) => {
    for (let i = 0; i < n; i++) y[i] = a[i & s] === b[i & t] ? 1 : 0;
  }),
  vector: (_, a, b) => asNumber(f32x4.eq(a, b)),
  domain: ties,
});

/** 1 where a differs from b, else 0: NaN differs from everything. Shapes broadcast, and no gradient flows. */
export const notEqual = definePrimitive({
  ...step,
  name: 'notEqual',
  doc: '1 where a differs from b, else 0, elementwise with broadcasting; a step, so no gradient flows.',
  symbol: '!=',
  plain: exactly((y, n, a, s, b, t) => {
    for (let i = 0; i < n; i++) y[i] = a[i & s] !== b[i & t] ? 1 : 0;
  }),
  vector: (_, a, b) => asNumber(f32x4.ne(a, b)),
  domain: ties,
});
