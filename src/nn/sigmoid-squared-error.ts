import { defineOp } from '../autograd/define-op.js';
import { fuse } from '../autograd/fuse.js';
import type { OpFunction } from '../autograd/op.js';
import { sigmoid } from '../autograd/ops/activations.js';
import { mul, square, sub } from '../autograd/ops/arithmetic.js';
import { broadcasting } from '../autograd/shape-rules.js';

// In the order of the chain rule through square, sub and sigmoid, so that the bits are those of the three ops.
const logitGradient = fuse('gradient of sigmoidSquaredError', (g, l, x) => {
  const y = sigmoid(l);
  return mul(mul(g, mul(sub(y, x), 2)), mul(y, sub(1, y)));
});
const targetGradient = fuse('gradient of sigmoidSquaredError by its target', (g, l, x) =>
  mul(g, mul(sub(x, sigmoid(l)), 2)),
);

/**
 * (sigmoid(l) - x)^2, elementwise: the squared error of a prediction given by its logits l. It is sigmoid, sub and square
 * in one pass forward and one backward, bits and all. Operands are logits and targets.
 */
export const sigmoidSquaredError: OpFunction<2, never> = defineOp({
  name: 'sigmoidSquaredError',
  doc: '(sigmoid(l) - x)^2, elementwise with broadcasting: the squared error of a prediction given by its logits.',
  arity: 2,
  body: (l, x) => square(sub(sigmoid(l), x)),
  saves: ['inputs'],
  vjp: [(g, { a: l, b: x }) => logitGradient(g, l, x), (g, { a: l, b: x }) => targetGradient(g, l, x)],
  domain: { inputs: [{ range: [-3, 3] }, { range: [0, 1] }], cases: broadcasting },
});
