import { neg } from '../../autograd/index.js';
import { Dense } from '../../nn/dense.js';
import { gaussianNllPerValue } from '../../nn/losses.js';
import { integer, type Values } from '../../nn/schema/index.js';
import type { Tensor } from '../../tensor/tensor.js';
import { reparameterize, reparameterizeComposed } from '../reparameterize.js';
import { initialize } from '../shared-settings.js';
import { softBound } from '../soft-bound.js';
import { definePosterior, type Posterior, type PosteriorContext, PosteriorFamily } from './posterior.js';

const settings = {
  /** Dimensions of z. */
  latent: integer({ min: 1, help: 'dimensions of z' }),
  /** What weights and biases start from. Defaults to 'torch'. */
  initialize,
};

/** N(mean, exp(logvar)) in each dimension: two linear layers, and logvar softly bounded ({@link softBound}). */
export class DiagonalGaussian extends PosteriorFamily {
  override readonly name = 'gaussian';
  override readonly diagonal = true;
  readonly mean: Dense;
  readonly logvar: Dense;

  constructor({ latent, initialize }: Values<typeof settings>, { inputs, stream, dtype }: PosteriorContext) {
    super(latent);
    const head = (): Dense => new Dense({ inputs, outputs: latent, initialize, stream, dtype });
    this.mean = head();
    this.logvar = head();
  }

  override forward(features: Tensor): Posterior {
    return {
      mean: this.mean.forward(features).named('mean'),
      logvar: softBound(this.logvar.forward(features)).named('logvar'),
    };
  }

  override sample({ mean, logvar }: Posterior, epsilon: Tensor, composed: boolean): Tensor {
    if (composed) return reparameterizeComposed(mean, logvar, epsilon);
    return reparameterize(mean, logvar, epsilon).named('z');
  }

  override logDensity({ mean, logvar }: Posterior, z: Tensor): Tensor {
    return neg(gaussianNllPerValue(z, mean, { logvar }));
  }
}

/** The specification of a diagonal Gaussian posterior over `latent` dimensions (Kingma & Welling 2014). */
export const gaussianPosterior = definePosterior({
  name: 'gaussian',
  doc: 'Independent Gaussians, whose mean and logvar are linear in what the encoder puts out.',
  settings,
  build: (values, context) => new DiagonalGaussian(values, context),
  examples: (latent) => [{ latent }],
  minParameters: ({ latent }) => 2 * latent,
});
