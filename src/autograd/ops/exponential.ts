import { NANOSECONDS } from '../../device/wasm/costs.js';
import {
  expm1 as expm1Vector,
  expResidual as expResidualVector,
  log1p as log1pVector,
} from '../../device/wasm/kernels/doubles.js';
import { pow as powVector } from '../../device/wasm/kernels/power.js';
import { exp as expVector, log as logVector } from '../../device/wasm/kernels/transcendental.js';
import { loops1, loops2 } from '../../program/primitive.js';
import * as math from '../../tensor/math/index.js';
import type { Tensor } from '../../tensor/tensor.js';
import { noGrad } from '../apply.js';
import { definePrimitive } from '../define-primitive.js';
import { fuse } from '../fuse.js';
import type { OpFunction } from '../op.js';
import { anyShape, broadcasting } from '../shape-rules.js';
import { add, div, mul, sub } from './arithmetic.js';
import { greaterEqual } from './compare.js';
import { where } from './select.js';

/** e^x, elementwise. */
export const exp = definePrimitive({
  name: 'exp',
  doc: 'e^x, elementwise.',
  arity: 1,
  plain: loops1(math.exp),
  vector: expVector,
  nanoseconds: NANOSECONDS.exp,
  saves: ['output'],
  vjp: [(g, { y }) => mul(g, y)],
  domain: { cases: anyShape },
});

/** The natural logarithm of x, elementwise; -infinity at 0, NaN below. */
export const log = definePrimitive({
  name: 'log',
  doc: 'The natural logarithm of x, elementwise.',
  arity: 1,
  plain: loops1(math.log),
  vector: logVector,
  nanoseconds: NANOSECONDS.exp,
  saves: ['inputs'],
  vjp: [(g, { x }) => div(g, x)],
  domain: { inputs: [{ range: [0.3, 4] }], cases: anyShape },
});

const expm1Gradient = fuse('gradient of expm1', (g, y) => mul(g, add(y, 1)));

/** e^x - 1, elementwise, accurate near 0. */
export const expm1 = definePrimitive({
  name: 'expm1',
  symbol: 'exp(x) - 1',
  doc: 'e^x - 1, elementwise, accurate near 0.',
  arity: 1,
  plain: loops1(math.expm1),
  vector: expm1Vector,
  nanoseconds: NANOSECONDS.double,
  saves: ['output'],
  vjp: [(g, { y }) => expm1Gradient(g, y)],
  domain: { cases: anyShape },
});

/** e^x - 1 - x, elementwise, accurate near 0. */
export const expResidual = definePrimitive({
  name: 'expResidual',
  symbol: 'exp(x) - 1 - x',
  doc: 'e^x - 1 - x, elementwise, accurate near 0.',
  arity: 1,
  plain: loops1(math.expResidual),
  vector: expResidualVector,
  nanoseconds: NANOSECONDS.double,
  saves: ['inputs'],
  vjp: [(g, { x }) => mul(g, expm1(x))],
  domain: { cases: anyShape },
});

const log1pGradient = fuse('gradient of log1p', (g, x) => div(g, add(x, 1)));

/** log(1 + x), elementwise, accurate near 0. */
export const log1p = definePrimitive({
  name: 'log1p',
  doc: 'log(1 + x), elementwise, accurate near 0.',
  arity: 1,
  plain: loops1(math.log1p),
  vector: log1pVector,
  nanoseconds: NANOSECONDS.double,
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
export const pow: OpFunction<2, never> = definePrimitive({
  name: 'pow',
  doc: 'a^b, elementwise with broadcasting; IEEE special cases.',
  arity: 2,
  plain: loops2(math.pow),
  vector: powVector,
  nanoseconds: 2.5 * NANOSECONDS.double,
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
