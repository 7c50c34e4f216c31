import { defineOp } from '../autograd/define-op.js';
import { fuse } from '../autograd/fuse.js';
import type { OpFunction } from '../autograd/op.js';
import { sigmoid, softplus } from '../autograd/ops/activations.js';
import { add, mul, neg, sub } from '../autograd/ops/arithmetic.js';
import { greaterEqual } from '../autograd/ops/compare.js';
import { abs, where } from '../autograd/ops/select.js';
import { ShapeError } from '../tensor/errors.js';
import { formatShape, sameShape } from '../tensor/shape.js';

const logitGradient = fuse('gradient of bernoulliNll', (g, l, x) => mul(g, sub(sigmoid(l), x)));
const targetGradient = fuse('gradient of bernoulliNll by its target', (g, l) => neg(mul(g, l)));

/**
 * -log p(x | l) of a Bernoulli variable whose probability of 1 is sigmoid(l), in nats, elementwise:
 * softplus(l) - l x. It is computed as softplus(-|l|) plus |l| times the probability that x gives to the outcome
 * l speaks against: both terms are non-negative, so nothing cancels and nothing overflows before the result does.
 * Operands are logits l and targets x in [0, 1], of one shape.
 */
export const bernoulliNll: OpFunction<2, never> = defineOp({
  name: 'bernoulliNll',
  doc: 'softplus(l) - l * x, elementwise: -log p(x) of a Bernoulli variable with logit l, in nats.',
  arity: 2,
  shape: ([l, x], _, name) => {
    if (sameShape(l, x)) return l;
    throw new ShapeError(
      `${name}: logits ${formatShape(l)} and targets ${formatShape(x)} must have the same shape; nothing is broadcast`,
    );
  },
  body: (l, x) => {
    const magnitude = abs(l);
    const against = where(greaterEqual(l, 0), sub(1, x), x);
    return add(softplus(neg(magnitude)), mul(magnitude, against));
  },
  saves: ['inputs'],
  vjp: [(g, { a: l, b: x }) => logitGradient(g, l, x), (g, { a: l }) => targetGradient(g, l)],
  domain: { inputs: [{ range: [-4, 4] }, { range: [0.02, 0.98] }], cases: [{ shapes: 'any' }] },
});
