import { SCALED_TAIL_32, TAIL_END } from '../../../tensor/math/erf.js';
import * as f64x2 from '../assembler/f64x2.js';
import { add, div, mul, sub } from '../assembler/f64x2.js';
import type { V128 } from '../assembler/index.js';
import * as v128 from '../assembler/v128.js';
import { exp, inDouble, polynomial } from './doubles.js';
import type { Bind, Expression } from './vector-loop.js';

const COEFFICIENTS = SCALED_TAIL_32.toReversed();

/** e^(z^2) erfc z of two doubles z >= 0; see scaledTail. */
function scaledTail(bind: Bind, z: V128): V128 {
  const t = bind(div(sub(z, 3), add(z, 3)));
  return mul(sub(1, t), polynomial(bind, t, COEFFICIENTS));
}

/** The standard normal distribution function; see normalCdf32. */
export const normalCdf: Expression = (bind, x) =>
  inDouble(bind, x, (half) => {
    // pmin keeps a NaN that stands first.
    const a = bind(f64x2.pmin(f64x2.abs(half), TAIL_END));
    const gaussian = mul(0.5, exp(bind, bind(mul(mul(-0.5, a), a))));
    const tail = bind(mul(gaussian, scaledTail(bind, bind(mul(a, Math.SQRT1_2)))));
    return v128.bitselect(sub(1, tail), tail, f64x2.gt(half, 0));
  });
