import { noGrad, sigmoid } from '../../autograd/index.js';
import { bernoulliNll } from '../../nn/bernoulli.js';
import { bernoulli as draw } from '../../tensor/create.js';
import type { RandomStream } from '../../tensor/random/stream.js';
import type { Tensor } from '../../tensor/tensor.js';
import { defineLikelihood, Likelihood } from './likelihood.js';

/**
 * Bernoulli for each value, from logits in softplus form (no log(0)). Values between 0 and 1 are allowed: then it is the
 * cross-entropy, whose floor is the entropy of the data (`entropyFloor`), not a log-likelihood.
 */
export class Bernoulli extends Likelihood {
  override readonly name = 'bernoulli';
  override readonly term = 'cross-entropy';
  override readonly range = { low: 0, high: 1 };
  override readonly mend = 'scale the data first (bytes: divide by 255)';

  protected override nll(output: Tensor, x: Tensor): Tensor {
    return bernoulliNll(output, x);
  }

  override mean(output: Tensor): Tensor {
    return sigmoid(output);
  }

  override sample(output: Tensor, stream: RandomStream): Tensor {
    const p = noGrad(() => this.mean(output));
    return draw(p.shape, stream, p, { dtype: p.dtype });
  }
}

/** The specification of a Bernoulli likelihood, from logits. */
export const bernoulliLikelihood = defineLikelihood({
  name: 'bernoulli',
  doc: 'Bernoulli for each value, from logits.',
  settings: {},
  build: () => new Bernoulli(),
});
