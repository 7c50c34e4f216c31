import { greaterEqualKernel, greaterKernel } from '../../tensor/kernels/arithmetic.js';
import { defineOp } from '../define-op.js';
import { broadcast, broadcasting } from './common.js';

const steps = {
  cases: broadcasting,
  distinct: true,
  derivative: 'none',
} as const;

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
