import { map1, map2 } from '../../tensor/kernels/elementwise.js';
import * as math from '../../tensor/math/index.js';
import type { Tensor } from '../../tensor/tensor.js';
import { noGrad } from '../apply.js';
import { defineOp } from '../define-op.js';
import { fuse } from '../fuse.js';
import type { OpFunction } from '../op.js';
import { add, div, mul, sub } from './arithmetic.js';
import { anyShape, broadcast, broadcasting, same } from './common.js';
import { greaterEqual } from './compare.js';
import { where } from './select.js';

/** e^x, elementwise. */
export const exp = defineOp({
  name: 'exp',
  doc: 'e^x, elementwise.',
  arity: 1,
  shape: same,
  forward: map1(math.exp),
  saves: ['output'],
  vjp: [(g, { y }) => mul(g, y)],
  domain: { cases: anyShape },
});

/** The natural logarithm of x, elementwise; -infinity at 0, NaN below. */
export const log = defineOp({
  name: 'log',
  doc: 'The natural logarithm of x, elementwise.',
  arity: 1,
  shape: same,
  forward: map1(math.log),
  saves: ['inputs'],
  vjp: [(g, { x }) => div(g, x)],
  domain: { inputs: [{ range: [0.3, 4] }], cases: anyShape },
});

const expm1Gradient = fuse('gradient of expm1', (g, y) => mul(g, add(y, 1)));

/** e^x - 1, elementwise, accurate near 0. */
export const expm1 = defineOp({
  name: 'expm1',
  doc: 'e^x - 1, elementwise, accurate near 0.',
  arity: 1,
  shape: same,
  forward: map1(math.expm1),
  saves: ['output'],
  vjp: [(g, { y }) => expm1Gradient(g, y)],
  domain: { cases: anyShape },
});

const log1pGradient = fuse('gradient of log1p', (g, x) => div(g, add(x, 1)));

/** log(1 + x), elementwise, accurate near 0. */
export const log1p = defineOp({
  name: 'log1p',
  doc: 'log(1 + x), elementwise, accurate near 0.',
  arity: 1,
  shape: same,
  forward: map1(math.log1p),
  saves: ['inputs'],
  vjp: [(g, { x }) => log1pGradient(g, x)],
  domain: { inputs: [{ range: [-0.6, 4] }], cases: anyShape },
});

/** 1 where x is 0. */
const isZero = (x: Tensor): Tensor => mul(greaterEqual(x, 0), greaterEqual(0, x));

/**
 * a^b, elementwise, with the special cases of IEEE 754; shapes broadcast.
 * @throws ShapeError when shapes do not broadcast.
 */
export const pow: OpFunction<2, never> = defineOp({
  name: 'pow',
  doc: 'a^b, elementwise with broadcasting; IEEE special cases.',
  arity: 2,
  shape: broadcast,
  forward: map2(math.pow),
  saves: ['inputs', 'output'],
  vjp: [
    // Where both are 0, b * a^(b - 1) has the value 0, which 0 * infinity would miss.
    (g, { a, b }) => {
      const base = where(
        noGrad(() => mul(isZero(a), isZero(b))),
        1,
        a,
      );
      return mul(g, mul(b, pow(base, sub(b, 1))));
    },
    // At a = 0 the term y * log(a) has the limit 0 for b >= 0, which 0 * -infinity would miss.
    (g, { a, b, y }) => {
      const base = where(
        noGrad(() => mul(isZero(a), greaterEqual(b, 0))),
        1,
        a,
      );
      return mul(g, mul(y, log(base)));
    },
  ],
  domain: { inputs: [{ range: [0.4, 3] }, { range: [-2, 3] }], cases: broadcasting },
});
