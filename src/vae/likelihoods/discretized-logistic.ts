import {
  add,
  exp,
  expm1,
  greater,
  less,
  log,
  mul,
  neg,
  noGrad,
  sigmoid,
  softplus,
  sub,
  where,
} from '../../autograd/index.js';
import { GRAY } from '../../data/range.js';
import { uniform, zeros } from '../../tensor/create.js';
import type { RandomStream } from '../../tensor/random/stream.js';
import type { Tensor } from '../../tensor/tensor.js';
import { softBound } from '../soft-bound.js';
import { defineLikelihood, Likelihood } from './likelihood.js';

/** Half a gray level, where black is -1 and white is 1. */
const HALF = 1 / 255;

/**
 * A logistic distribution cut into the 256 gray levels k / 255, for each value: level x has what the logistic has between
 * x - 1/510 and x + 1/510, black all below and white all above (Salimans et al., "PixelCNN++", 2017, equation 2, one
 * component). The decoder puts out the mean and log s of each value, both where black is -1 and white is 1.
 */
export class DiscretizedLogistic extends Likelihood {
  override readonly name = 'discretized-logistic';
  override readonly term = 'negative log-likelihood';
  override readonly range = GRAY;
  override readonly mend =
    'give 256 gray levels as bytes / 255, not noised, resized or binarized by a threshold';
  override readonly outputs = 2;

  /**
   * With a and b the standardized edges of the level, a > b: sigmoid(a) - sigmoid(b) is
   * sigmoid(a) sigmoid(-b) (1 - e^(b - a)), in which nothing cancels. Black has no lower edge, white no upper one.
   */
  protected override nll(output: Tensor, x: Tensor): Tensor {
    const inverse = exp(neg(this.#logScale(output)));
    const distance = sub(sub(mul(x, 2), 1), this.block(output, 0));
    const above = mul(add(distance, HALF), inverse);
    const below = mul(sub(distance, HALF), inverse);
    const width = mul(inverse, 2 * HALF);
    const hasLower = greater(x, 0.25 / 255);
    const hasUpper = less(x, 1 - 0.25 / 255);
    const inside = mul(hasLower, hasUpper);
    const upper = where(hasUpper, softplus(neg(above)), 0);
    const lower = where(hasLower, softplus(below), 0);
    return sub(add(upper, lower), where(inside, log(neg(expm1(neg(width)))), 0));
  }

  #logScale(output: Tensor): Tensor {
    return softBound(this.block(output, 1));
  }

  /** The sum over levels k of P(x >= k / 255) / 255. */
  override mean(output: Tensor): Tensor {
    const location = this.block(output, 0);
    const inverse = exp(neg(this.#logScale(output)));
    let total = zeros(location.shape, { dtype: output.dtype });
    for (let k = 1; k <= 255; k++) {
      const edge = (2 * k - 1) / 255 - 1;
      total = add(total, sigmoid(mul(sub(location, edge), inverse)));
    }
    return mul(total, 1 / 255);
  }

  override sample(output: Tensor, stream: RandomStream): Tensor {
    const [location, scale] = noGrad(() => [this.block(output, 0), exp(this.#logScale(output))]);
    const draws = uniform(location.shape, stream, { dtype: output.dtype });
    const { data } = draws;
    for (let i = 0; i < data.length; i++) {
      // The logistic's quantile; u = 0 gives black.
      const level = location.data[i] + scale.data[i] * (Math.log(data[i]) - Math.log1p(-data[i]));
      data[i] = Math.round(255 * Math.min(1, Math.max(0, (level + 1) / 2))) / 255;
    }
    return draws;
  }
}

/** The specification of a discretized logistic likelihood, for 256 gray levels. */
export const discretizedLogisticLikelihood = defineLikelihood({
  name: 'discretized-logistic',
  doc: 'A logistic distribution cut into 256 gray levels, for each value (PixelCNN++).',
  settings: {},
  build: () => new DiscretizedLogistic(),
});
