import { NANOSECONDS } from '../../device/wasm/costs.js';
import { cos as cosVector, sin as sinVector } from '../../device/wasm/kernels/trigonometric.js';
import { loops1 } from '../../program/primitive.js';
import * as math from '../../tensor/math/index.js';
import { definePrimitive } from '../define-primitive.js';
import { fuse } from '../fuse.js';
import type { OpFunction } from '../op.js';
import { anyShape } from '../shape-rules.js';
import { mul, neg } from './arithmetic.js';

const sinGradient = fuse('gradient of sin', (g, x) => mul(g, cos(x)));

/** The sine of x (radians), elementwise. */
export const sin: OpFunction<1, never> = definePrimitive({
  name: 'sin',
  doc: 'The sine of x (radians), elementwise.',
  arity: 1,
  plain: loops1(math.sin),
  vector: sinVector,
  nanoseconds: NANOSECONDS.double,
  saves: ['inputs'],
  vjp: [(g, { x }) => sinGradient(g, x)],
  domain: { cases: anyShape },
});

const cosGradient = fuse('gradient of cos', (g, x) => neg(mul(g, sin(x))));

/** The cosine of x (radians), elementwise. */
export const cos: OpFunction<1, never> = definePrimitive({
  name: 'cos',
  doc: 'The cosine of x (radians), elementwise.',
  arity: 1,
  plain: loops1(math.cos),
  vector: cosVector,
  nanoseconds: NANOSECONDS.double,
  saves: ['inputs'],
  vjp: [(g, { x }) => cosGradient(g, x)],
  domain: { cases: anyShape },
});
