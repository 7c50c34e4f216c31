import {
  add,
  broadcasting,
  defineOp,
  expm1,
  expResidual,
  fuse,
  maximum,
  mean as meanOver,
  mul,
  square,
  sum,
} from '../autograd/index.js';
import type { Tensor } from '../tensor/tensor.js';

const logvarGradient = fuse('gradient of gaussianKl by logvar', (g, logvar) =>
  mul(g, mul(expm1(logvar), 0.5)),
);

/**
 * KL(N(mean, e^logvar) || N(0, 1)) per element, in nats: (mean^2 + e^logvar - 1 - logvar) / 2
 * (Kingma & Welling 2014, appendix B). Nothing cancels where the posterior is near the prior.
 */
export const gaussianKl = defineOp({
  name: 'gaussianKl',
  doc: 'KL(N(mean, e^logvar) || N(0, 1)) = (mean^2 + e^logvar - 1 - logvar) / 2, elementwise, in nats.',
  arity: 2,
  body: (mean, logvar) => mul(0.5, add(square(mean), expResidual(logvar))),
  saves: ['inputs'],
  vjp: [(g, { a: mean }) => mul(g, mean), (g, { b: logvar }) => logvarGradient(g, logvar)],
  domain: { inputs: [{ range: [-3, 3] }, { range: [-3, 2] }], cases: broadcasting },
});

/**
 * KL of the posterior from the standard normal prior per latent dimension: nats per example, [latent].
 * @param mean [batch, latent]
 * @param logvar [batch, latent]
 */
export function klPerDimension(mean: Tensor, logvar: Tensor): Tensor {
  return meanOver(gaussianKl(mean, logvar), { axes: 0 });
}

/**
 * KL as it enters the loss, in nats per example: the sum over latent dimensions. With free bits, a dimension counts at
 * least `freeBits` nats (batch mean), so that nothing is gained by closing it further (Kingma et al., "Improved
 * variational inference with inverse autoregressive flow", 2016, equation 15).
 * @param perDimension KL per dimension, [latent].
 */
export function klTerm(perDimension: Tensor, freeBits = 0): Tensor {
  return sum(freeBits > 0 ? maximum(perDimension, freeBits) : perDimension);
}
