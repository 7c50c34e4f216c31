import { map1 } from '../../tensor/kernels/elementwise.js';
import * as math from '../../tensor/math/index.js';
import { defineOp } from '../define-op.js';
import type { OpFunction } from '../op.js';
import { mul, neg } from './arithmetic.js';
import { anyShape, same } from './common.js';

/** The sine of x (radians), elementwise. */
export const sin: OpFunction<1, never> = defineOp({
  name: 'sin',
  doc: 'The sine of x (radians), elementwise.',
  arity: 1,
  shape: same,
  forward: map1(math.sin),
  saves: ['inputs'],
  vjp: [(g, { x }) => mul(g, cos(x))],
  domain: { cases: anyShape },
});

/** The cosine of x (radians), elementwise. */
export const cos: OpFunction<1, never> = defineOp({
  name: 'cos',
  doc: 'The cosine of x (radians), elementwise.',
  arity: 1,
  shape: same,
  forward: map1(math.cos),
  saves: ['inputs'],
  vjp: [(g, { x }) => neg(mul(g, sin(x)))],
  domain: { cases: anyShape },
});
