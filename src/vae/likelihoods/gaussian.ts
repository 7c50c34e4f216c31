import {
  add,
  exp,
  mean as meanOf,
  mul,
  noGrad,
  sigmoid,
  squaredDifference,
  variable,
} from '../../autograd/index.js';
import { gaussianNllPerValue, HALF_LOG_TWO_PI, sumPerExample } from '../../nn/losses.js';
import { choice, complete, type Given, number } from '../../nn/schema/index.js';
import { sigmoidSquaredError } from '../../nn/sigmoid-squared-error.js';
import { full, normal } from '../../tensor/create.js';
import type { DType } from '../../tensor/dtype.js';
import type { RandomStream } from '../../tensor/random/stream.js';
import type { Tensor } from '../../tensor/tensor.js';
import { softBound } from '../soft-bound.js';
import { defineLikelihood, Likelihood } from './likelihood.js';

const settings = {
  /** Standard deviation of a value; where it is not fixed, the one to start from. Defaults to sqrt(1/2). */
  sigma: number({ above: 0, default: Math.SQRT1_2, help: 'standard deviation' }),
  /**
   * 'fixed'; 'learned', one parameter for all values; 'decoder', one for each value, from the decoder as log sigma^2
   * (softly bounded to +-15). Defaults to 'fixed'.
   */
  scale: choice(['fixed', 'learned', 'decoder'], { default: 'fixed', help: 'where sigma comes from' }),
  /** What the mean is of the decoder's output: its sigmoid, for data from 0 to 1, or itself. Defaults to 'sigmoid'. */
  mean: choice(['sigmoid', 'identity'], {
    default: 'sigmoid',
    help: "what the mean is of the decoder's output",
  }),
};

/** The spread of a {@link Gaussian}, and what its mean is made from. */
export type GaussianOptions = Given<typeof settings> & {
  /** Defaults to float32. */
  readonly dtype?: DType;
};

/**
 * N(mean, sigma^2) for each value. With a fixed sigma the reconstruction is the squared error over 2 sigma^2; at
 * sigma^2 = 1/2 it is the plain squared error summed over values ("MSE x 784 + KL"), whose constant is
 * log(pi) / 2 nats a value. With another scale log sigma belongs to the loss.
 */
export class Gaussian extends Likelihood {
  override readonly name = 'gaussian';
  override readonly term: string;
  override readonly range;
  override readonly mend;
  override readonly outputs: number;
  /** log sigma, a scalar parameter; null when sigma is not learned as one number. */
  readonly logsigma: Tensor | null;
  readonly #sigma: number;
  readonly #scale: 'fixed' | 'learned' | 'decoder';
  readonly #ofLogits: boolean;

  /** @throws RangeError for an option out of range; TypeError for an unknown one. */
  constructor({ dtype = 'float32', ...given }: GaussianOptions = {}) {
    super();
    const { sigma, scale, mean } = complete(settings, given, 'Gaussian');
    this.#sigma = sigma;
    this.#scale = scale;
    this.#ofLogits = mean === 'sigmoid';
    this.outputs = scale === 'decoder' ? 2 : 1;
    this.range = this.#ofLogits
      ? { low: 0, high: 1 }
      : { low: Number.NEGATIVE_INFINITY, high: Number.POSITIVE_INFINITY };
    this.mend = this.#ofLogits
      ? "scale the data first (bytes: divide by 255), or take mean: 'identity'"
      : 'look for missing values';
    this.logsigma = scale === 'learned' ? variable(full([], Math.log(sigma), { dtype }), 'logsigma') : null;
    const isHalf = Math.abs(2 * sigma * sigma - 1) < 1e-9;
    const error = isHalf ? 'squared error' : 'squared error / (2 sigma^2)';
    this.term = scale === 'fixed' ? error : 'negative log-likelihood';
  }

  /** The standard deviation of all values now; NaN where each has its own. */
  get sigma(): number {
    if (this.#scale === 'decoder') return Number.NaN;
    return this.logsigma === null ? this.#sigma : Math.exp(this.logsigma.item());
  }

  /** The decoder's log sigma^2 of each value. */
  #logvar(output: Tensor): Tensor {
    return softBound(add(this.block(output, 1), 2 * Math.log(this.#sigma)));
  }

  #squaredError(output: Tensor, x: Tensor): Tensor {
    return this.#ofLogits ? sigmoidSquaredError(output, x) : squaredDifference(output, x);
  }

  /** What the squared error counts when sigma is fixed. */
  get #weight(): number {
    return 1 / (2 * this.#sigma * this.#sigma);
  }

  protected override nll(output: Tensor, x: Tensor): Tensor {
    if (this.#scale === 'fixed') return mul(this.#squaredError(output, x), this.#weight);
    const mean = this.mean(output);
    const scale = this.logsigma === null ? { logvar: this.#logvar(output) } : { sigma: exp(this.logsigma) };
    return gaussianNllPerValue(x, mean, scale);
  }

  override reconstruction(output: Tensor, x: Tensor): Tensor {
    if (this.#scale !== 'fixed') return super.reconstruction(output, x);
    // One multiplication in all, not one for each value.
    this.check(output, x);
    return mul(meanOf(sumPerExample(this.#squaredError(output, x))), this.#weight);
  }

  override constant(features: number): number {
    return this.#scale === 'fixed' ? features * (Math.log(this.#sigma) + HALF_LOG_TWO_PI) : 0;
  }

  override mean(output: Tensor): Tensor {
    const location = this.#scale === 'decoder' ? this.block(output, 0) : output;
    return this.#ofLogits ? sigmoid(location) : location;
  }

  override sample(output: Tensor, stream: RandomStream): Tensor {
    return noGrad(() => {
      const mean = this.mean(output);
      const noise = normal(mean.shape, stream, { dtype: mean.dtype });
      const sigma = this.#scale === 'decoder' ? exp(mul(this.#logvar(output), 0.5)) : this.sigma;
      return add(mean, mul(noise, sigma));
    });
  }

  protected override settings(): string {
    const sigma = this.#scale === 'fixed' ? this.#sigma : this.#scale;
    return `mean=${this.#ofLogits ? 'sigmoid' : 'identity'}, sigma=${sigma}`;
  }
}

/** The specification of a Gaussian likelihood: `gaussianLikelihood({ mean: 'identity', scale: 'learned' })`. */
export const gaussianLikelihood = defineLikelihood({
  name: 'gaussian',
  doc: 'N(mean, sigma^2) for each value.',
  settings,
  build: (given, { dtype }) => new Gaussian({ ...given, dtype }),
  examples: () =>
    (['fixed', 'learned', 'decoder'] as const).flatMap((scale) => [
      { scale, mean: 'sigmoid' as const, sigma: 0.5 },
      { scale, mean: 'identity' as const, sigma: 1.5 },
    ]),
});
