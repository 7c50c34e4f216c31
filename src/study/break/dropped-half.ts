import { createOp, exp, fuse, mul } from '../../autograd/index.js';
import { reparameterize } from '../../vae/reparameterize.js';

/** The right rule has another factor of 1/2. */
const logvarGradient = fuse('gradient by logvar without the 1/2', (g, logvar, epsilon) =>
  mul(mul(g, epsilon), exp(mul(logvar, 0.5))),
);

const { shape, forward, domain } = reparameterize.op;

/**
 * The trick with a mistake in a hand-written derivative rule: the value is right, but dz/dlogvar is
 * epsilon * exp(logvar / 2) without the factor 1/2 of the exponent. Not registered, as it is wrong on purpose.
 */
export const reparameterizeWithoutHalf = createOp({
  name: 'reparameterize',
  doc: 'mean + e^(logvar / 2) * epsilon, with a wrong derivative by logvar.',
  arity: 3,
  shape: (shapes) => shape(shapes, undefined),
  forward: (out, inputs) => forward(out, inputs, undefined),
  saves: ['inputs'],
  vjp: [
    (g) => g,
    (g, { inputs: [, logvar, epsilon] }) => logvarGradient(g, logvar, epsilon),
    (g, { inputs: [, logvar] }) => mul(g, exp(mul(logvar, 0.5))),
  ],
  domain: { inputs: domain.inputs, cases: [{ shapes: 'any' }] },
});
