import { add, mul, neg, square } from '../../autograd/index.js';
import { HALF_LOG_TWO_PI } from '../../nn/losses.js';
import { normal } from '../../tensor/create.js';
import type { RandomStream } from '../../tensor/random/stream.js';
import type { Tensor } from '../../tensor/tensor.js';
import { gaussianKl } from '../kl.js';
import type { Posterior, PosteriorFamily } from './posterior.js';
import { definePrior, Prior, type PriorContext } from './prior.js';

/** N(0, 1) in each dimension. */
export class StandardNormal extends Prior {
  override readonly name = 'standard-normal';
  readonly #context: Pick<PriorContext, 'latent' | 'dtype'>;

  constructor(context: Pick<PriorContext, 'latent' | 'dtype'>) {
    super();
    this.#context = context;
  }

  override logDensity(z: Tensor): Tensor {
    return neg(add(mul(square(z), 0.5), HALF_LOG_TWO_PI));
  }

  override sample(count: number, stream: RandomStream): Tensor {
    const { latent, dtype } = this.#context;
    return normal([count, latent], stream, { dtype });
  }

  override kl(q: Posterior, family: PosteriorFamily): Tensor | undefined {
    return family.diagonal ? gaussianKl(q.mean, q.logvar) : family.standardKl(q);
  }
}

/** The specification of the standard normal prior. */
export const standardNormal = definePrior({
  name: 'standard-normal',
  doc: 'N(0, 1) in each dimension.',
  settings: {},
  build: (_, context) => new StandardNormal(context),
});
