import { add, exp, matmul, mul, neg, square, sub } from '../../autograd/index.js';
import { variable } from '../../autograd/variable.js';
import { HALF_LOG_TWO_PI } from '../../nn/losses.js';
import { normal } from '../../tensor/create.js';
import type { RandomStream } from '../../tensor/random/stream.js';
import { Tensor } from '../../tensor/tensor.js';
import { gaussianKl } from '../kl.js';
import { softBound } from '../soft-bound.js';
import type { Condition, Labels } from './condition.js';
import type { Posterior, PosteriorFamily } from './posterior.js';
import { definePrior, Prior, type PriorContext } from './prior.js';

/**
 * p(z | y): a Gaussian of independent dimensions for each class, trained with the model (Sohn et al., "Learning structured output
 * representation using deep conditional generative models", 2015).
 */
export class ConditionalPrior extends Prior {
  override readonly name = 'conditional';
  /** [classes, latent] */
  readonly mean: Tensor;
  /** [classes, latent] */
  readonly logvar: Tensor;
  readonly #condition: Condition;
  readonly #dtype: PriorContext['dtype'];

  /** @throws TypeError for a model that is told nothing of an example. */
  constructor({ condition, latent, stream, dtype }: PriorContext) {
    super();
    if (condition === null) {
      throw new TypeError(
        'VAE: the conditional prior is a Gaussian for each class, but the model has no condition; condition it on the label, or take another prior',
      );
    }
    const parameter = (): Tensor => {
      const values = Tensor.persistent([condition.width, latent], dtype);
      stream.normal(values.data, 0, 0.1);
      return variable(values);
    };
    this.mean = parameter();
    this.logvar = parameter();
    this.#condition = condition;
    this.#dtype = dtype;
  }

  /** The Gaussian of each example, [batch, latent]. @throws TypeError without labels. */
  #of(labels: Labels | undefined): Posterior {
    if (labels === undefined) throw new TypeError('conditional prior: give the labels of the examples');
    const y = this.#condition.forward(labels, this.#dtype);
    return { mean: matmul(y, this.mean), logvar: softBound(matmul(y, this.logvar)) };
  }

  override logDensity(z: Tensor, labels?: Labels): Tensor {
    const { mean, logvar } = this.#of(labels);
    const epsilon = mul(sub(z, mean), exp(mul(logvar, -0.5)));
    return neg(add(mul(add(square(epsilon), logvar), 0.5), HALF_LOG_TWO_PI));
  }

  override sample(count: number, stream: RandomStream, labels?: Labels): Tensor {
    const { mean, logvar } = this.#of(labels);
    const epsilon = normal([count, mean.shape[1]], stream, { dtype: this.#dtype });
    return add(mean, mul(exp(mul(logvar, 0.5)), epsilon));
  }

  /** Both moved and scaled so that p is the standard normal distribution. */
  override kl(q: Posterior, family: PosteriorFamily, labels?: Labels): Tensor | undefined {
    if (!family.diagonal) return undefined;
    const { mean, logvar } = this.#of(labels);
    return gaussianKl(mul(sub(q.mean, mean), exp(mul(logvar, -0.5))), sub(q.logvar, logvar));
  }
}

/** The specification of a prior that is a Gaussian for each class. */
export const conditionalPrior = definePrior({
  name: 'conditional',
  doc: 'A Gaussian for each class, trained with the model: p(z | y).',
  settings: {},
  fits: ({ isConditional }) => isConditional,
  build: (_, context) => new ConditionalPrior(context),
});
