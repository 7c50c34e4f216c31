import {
  abs,
  anyShape,
  defineOp,
  div,
  fuse,
  greater,
  mul,
  same,
  square,
  sub,
  tanh,
  where,
} from '../autograd/index.js';
import * as f32x4 from '../device/wasm/assembler/f32x4.js';
import * as i32x4 from '../device/wasm/assembler/i32x4.js';
import * as v128 from '../device/wasm/assembler/v128.js';
import { EXP, vectorOp } from '../device/wasm/kernels/expressions.js';
import * as vectors from '../device/wasm/kernels/transcendental.js';
import { map1 } from '../tensor/kernels/elementwise.js';
import * as math from '../tensor/math/index.js';

/** Up to here softBound is the identity, in nats of log-variance. */
const LIMIT = 10;
/** How far beyond the limit it can reach. */
const SLACK = 5;

const softBoundGradient = fuse('gradient of softBound', (g, x) => {
  const slope = sub(1, square(tanh(div(sub(abs(x), LIMIT), SLACK))));
  return mul(g, where(greater(abs(x), LIMIT), slope, 1));
});

/**
 * Keeps a log-variance where exp(logvar) can neither overflow nor vanish: the identity for |x| <= 10, beyond it
 * x approaches +-15 smoothly as 10 + 5 tanh((|x| - 10) / 5), with first and second derivative continuous. Its gradient is
 * never negative and never cut off at the limit, so that a posterior that went astray can come back; it vanishes only
 * where 1 - tanh^2 does in the dtype: beyond |x| of about 50 in float32, 100 in float64.
 */
export const softBound = defineOp({
  name: 'softBound',
  doc: 'x for |x| <= 10, else sign(x) (10 + 5 tanh((|x| - 10) / 5)), elementwise.',
  arity: 1,
  shape: same,
  forward: map1({
    f32: (x) => {
      const beyond = Math.fround(Math.fround(Math.abs(x) - LIMIT) / SLACK);
      return beyond > 0 ? Math.sign(x) * Math.fround(LIMIT + Math.fround(SLACK * math.tanh.f32(beyond))) : x;
    },
    f64: (x) => {
      const beyond = (Math.abs(x) - LIMIT) / SLACK;
      return beyond > 0 ? Math.sign(x) * (LIMIT + SLACK * Math.tanh(beyond)) : x;
    },
  }),
  vector: vectorOp(
    1,
    (bind, x) => {
      const beyond = bind(f32x4.div(f32x4.sub(f32x4.abs(x), LIMIT), SLACK));
      const size = f32x4.add(LIMIT, f32x4.mul(SLACK, vectors.tanh(bind, beyond)));
      const signed = v128.or(size, v128.and(x, i32x4.all(0x80000000)));
      return v128.bitselect(signed, x, f32x4.gt(beyond, 0));
    },
    EXP,
  ),
  saves: ['inputs'],
  vjp: [(g, { x }) => softBoundGradient(g, x)],
  domain: { inputs: [{ range: [-16, 16], kinks: [-10, 10] }], cases: anyShape },
});
