import { defineOp } from '../autograd/define-op.js';
import { fuse } from '../autograd/fuse.js';
import type { OpFunction } from '../autograd/op.js';
import { sigmoid } from '../autograd/ops/activations.js';
import { mul, neg, sub } from '../autograd/ops/arithmetic.js';
import * as f32x4 from '../device/wasm/assembler/f32x4.js';
import * as v128 from '../device/wasm/assembler/v128.js';
import { EXP, vectorOp } from '../device/wasm/kernels/expressions.js';
import { softplus } from '../device/wasm/kernels/transcendental.js';
import { ShapeError } from '../tensor/errors.js';
import { map2 } from '../tensor/kernels/elementwise.js';
import * as math from '../tensor/math/index.js';
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
  // Rounding 1 - x, then the product, then the sum is the float32 definition.
  forward: map2({
    f32: (l, x) => {
      const against = l >= 0 ? Math.fround(1 - x) : x;
      return math.softplus.f32(-Math.abs(l)) + Math.fround(Math.abs(l) * against);
    },
    f64: (l, x) => math.softplus.f64(-Math.abs(l)) + Math.abs(l) * (l >= 0 ? 1 - x : x),
  }),
  vector: vectorOp(
    2,
    (bind, l, x) => {
      const size = bind(f32x4.abs(l));
      const against = v128.bitselect(f32x4.sub(1, x), x, f32x4.ge(l, 0));
      return f32x4.add(softplus(bind, bind(f32x4.neg(size))), f32x4.mul(size, against));
    },
    2 * EXP,
  ),
  saves: ['inputs'],
  vjp: [(g, { a: l, b: x }) => logitGradient(g, l, x), (g, { a: l }) => targetGradient(g, l)],
  domain: { inputs: [{ range: [-4, 4] }, { range: [0.02, 0.98] }], cases: [{ shapes: 'any' }] },
});
