import { add, broadcasting, defineOp, exp, fuse, mul } from '../autograd/index.js';
import type { Tensor } from '../tensor/tensor.js';

const logvarGradient = fuse('gradient of reparameterize by logvar', (g, logvar, epsilon) =>
  mul(mul(mul(g, epsilon), exp(mul(logvar, 0.5))), 0.5),
);
const epsilonGradient = fuse('gradient of reparameterize by epsilon', (g, logvar) =>
  mul(g, exp(mul(logvar, 0.5))),
);

/**
 * The reparameterization trick as one op: z = mean + exp(logvar / 2) * epsilon with epsilon ~ N(0, I) given as an
 * input, so that z ~ N(mean, exp(logvar)) is a differentiable function of mean and logvar
 * (Kingma & Welling, "Auto-encoding variational Bayes", 2014, section 2.4).
 *
 * All three have shape [batch, latent] (or broadcast to it). dz/dmean = 1, dz/dlogvar = epsilon * exp(logvar / 2) / 2.
 * @throws ShapeError when the shapes do not broadcast.
 */
export const reparameterize = defineOp({
  name: 'reparameterize',
  doc: 'z = mean + e^(logvar / 2) * epsilon, elementwise: a sample of N(mean, e^logvar) from epsilon ~ N(0, 1).',
  arity: 3,
  body: (mean, logvar, epsilon) => add(mean, mul(exp(mul(logvar, 0.5)), epsilon)),
  saves: ['inputs'],
  vjp: [
    (g) => g,
    (g, { inputs: [, logvar, epsilon] }) => logvarGradient(g, logvar, epsilon),
    (g, { inputs: [, logvar] }) => epsilonGradient(g, logvar),
  ],
  domain: { inputs: [{ range: [-3, 3] }, { range: [-3, 2] }, { range: [-3, 3] }], cases: broadcasting },
});

/** exp(logvar / 2), in the shape of logvar. */
export function standardDeviation(logvar: Tensor): Tensor {
  return exp(mul(logvar, 0.5));
}

/**
 * The same trick composed from mul, exp and add, so that every inner value and gradient can be looked at:
 * the tensors are labelled 'logvar / 2', 'sigma', 'sigma * epsilon' and 'z'. For operands of one
 * shape, value and gradients equal those of {@link reparameterize} in every bit.
 */
export function reparameterizeComposed(mean: Tensor, logvar: Tensor, epsilon: Tensor): Tensor {
  const half = mul(logvar, 0.5).named('logvar / 2');
  const sigma = exp(half).named('sigma');
  const noise = mul(sigma, epsilon).named('sigma * epsilon');
  return add(mean, noise).named('z');
}
