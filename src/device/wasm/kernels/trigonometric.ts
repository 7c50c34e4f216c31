import { COSINE, HALF_PI, LARGE, SINE, SKIPS, TWO_OVER_PI } from '../../../tensor/math/trigonometric.js';
import * as f64x2 from '../assembler/f64x2.js';
import { add, mul, sub } from '../assembler/f64x2.js';
import * as i64x2 from '../assembler/i64x2.js';
import type { V128 } from '../assembler/index.js';
import * as v128 from '../assembler/v128.js';
import { INTEGER_BESIDE, inDouble, polynomial } from './doubles.js';
import type { Bind, Expression } from './vector-loop.js';

/** x = k pi / 2 + r; see sineOfLarge. */
function reduceLarge(bind: Bind, x: V128): { readonly k: V128; readonly r: V128 } {
  const magnitude = bind(f64x2.abs(x));
  const skip = SKIPS.map((from) => bind(f64x2.ge(magnitude, from)));
  const [a, b, c, d, e] = [0, 1, 2, 3, 4].map((first) =>
    bind(
      mul(
        x,
        skip.reduce(
          (piece, mask, i) => v128.bitselect(f64x2.all(TWO_OVER_PI[first + i + 1]), piece, mask),
          f64x2.all(TWO_OVER_PI[first]),
        ),
      ),
    ),
  );
  const withoutTurns = (quarters: V128): V128 =>
    sub(quarters, mul(4, f64x2.floor(add(mul(quarters, 0.25), 0.5))));
  const upper = bind(add(withoutTurns(a), withoutTurns(b)));
  const k = bind(f64x2.floor(add(add(upper, c), 0.5)));
  return { k, r: mul(add(add(sub(upper, k), c), add(d, e)), Math.PI / 2) };
}

/** sin(x + quarters pi / 2) of two doubles; see sineAhead. */
function sineAhead(bind: Bind, x: V128, quarters: number): V128 {
  const k = bind(f64x2.floor(add(mul(x, 2 / Math.PI), 0.5)));
  const r = bind(HALF_PI.reduce<V128>((rest, part) => sub(rest, mul(k, part)), x));
  const large = bind(f64x2.ge(f64x2.abs(x), LARGE));
  bind.when(v128.anyTrue(large), (inner) => {
    const reduced = reduceLarge(inner, x);
    return [k.set(v128.bitselect(reduced.k, k, large)), r.set(v128.bitselect(reduced.r, r, large))];
  });
  const quadrant = bind(add(k, INTEGER_BESIDE + quarters));
  const square = bind(mul(r, r));
  const sine = mul(r, polynomial(bind, square, SINE));
  const cosine = polynomial(bind, square, COSINE);
  const isOdd = i64x2.shrS(i64x2.shl(quadrant, 63), 63);
  const sign = v128.and(i64x2.shl(quadrant, 62), f64x2.all(-0));
  return v128.xor(v128.bitselect(cosine, sine, isOdd), sign);
}

/** The sine; see sin32. */
export const sin: Expression = (bind, x) => inDouble(bind, x, (half) => sineAhead(bind, half, 0));

/** The cosine; see cos32. */
export const cos: Expression = (bind, x) => inDouble(bind, x, (half) => sineAhead(bind, half, 1));
