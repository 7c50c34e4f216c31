import {
  abs,
  add,
  anyShape,
  defineOp,
  div,
  fuse,
  greater,
  mul,
  sign,
  square,
  sub,
  tanh,
  where,
} from '../autograd/index.js';

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
  body: (x) => {
    const beyond = div(sub(abs(x), LIMIT), SLACK);
    return where(greater(beyond, 0), mul(sign(x), add(LIMIT, mul(SLACK, tanh(beyond)))), x);
  },
  saves: ['inputs'],
  vjp: [(g, { x }) => softBoundGradient(g, x)],
  domain: { inputs: [{ range: [-16, 16], kinks: [-10, 10] }], cases: anyShape },
});
