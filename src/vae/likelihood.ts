import { exp, mul, sigmoid, variable } from '../autograd/index.js';
import {
  binaryCrossEntropyWithLogits,
  gaussianNll,
  HALF_LOG_TWO_PI,
  squaredErrorWithLogits,
} from '../nn/losses.js';
import { Module } from '../nn/module.js';
import { full } from '../tensor/create.js';
import type { DType } from '../tensor/dtype.js';
import { ShapeError } from '../tensor/errors.js';
import { formatShape, sameShape } from '../tensor/shape.js';
import type { Tensor } from '../tensor/tensor.js';

/** p(x | z), given what the decoder puts out. All terms are in nats per example: summed over dimensions, mean over the batch. */
export abstract class Likelihood extends Module {
  /** For configurations and reports: 'bernoulli' or 'gaussian'. */
  abstract readonly name: 'bernoulli' | 'gaussian';
  /** What `reconstruction` shows a person: 'cross-entropy', 'squared error', ... */
  abstract readonly term: string;

  /**
   * The part of -log p(x | z) that depends on the parameters, in nats per example: a scalar. {@link constant} is the rest.
   * @param output [batch, features], what the decoder puts out
   * @param x [batch, features]
   * @throws ShapeError when the shapes differ.
   */
  abstract reconstruction(output: Tensor, x: Tensor): Tensor;

  /** What `reconstruction` leaves out of -log p(x | z): a number that no parameter changes, in nats per example. */
  abstract constant(features: number): number;

  /** E[x | z], [batch, features]: what a picture shows. */
  abstract mean(output: Tensor): Tensor;

  protected check(output: Tensor, x: Tensor): void {
    if (sameShape(output.shape, x.shape) && x.rank === 2) return;
    throw new ShapeError(
      `${this.name} likelihood: the decoder's output ${formatShape(output.shape)} and the data ${formatShape(x.shape)} ` +
        'must both be [batch, features]',
    );
  }
}

/**
 * Bernoulli per pixel, from logits in softplus form (no log(0)). Values between 0 and 1 are allowed: then it is the
 * cross-entropy, whose floor is the entropy of the data ({@link entropyFloor}), not a log-likelihood.
 */
export class Bernoulli extends Likelihood {
  override readonly name = 'bernoulli';
  override readonly term = 'cross-entropy';

  override reconstruction(output: Tensor, x: Tensor): Tensor {
    this.check(output, x);
    return binaryCrossEntropyWithLogits(output, x);
  }

  override constant(): number {
    return 0;
  }

  override mean(output: Tensor): Tensor {
    return sigmoid(output);
  }
}

/**
 * N(sigmoid(output), sigma^2) per pixel. With a fixed sigma the reconstruction is the squared error over 2 sigma^2;
 * at sigma^2 = 1/2 it is the plain squared error summed over pixels ("MSE x 784 + KL"), whose constant is
 * log(pi) / 2 nats a pixel. With a learned sigma, log sigma is a parameter and its term belongs to the loss.
 */
export class Gaussian extends Likelihood {
  override readonly name = 'gaussian';
  override readonly term: string;
  /** log sigma, a scalar parameter; null when sigma is fixed. */
  readonly logsigma: Tensor | null;
  readonly #sigma: number;

  /**
   * @param sigma standard deviation of a pixel, above 0; where learned, its starting value.
   * @throws RangeError when sigma is not a positive number.
   */
  constructor({
    sigma,
    learned = false,
    dtype = 'float32',
  }: { sigma: number; learned?: boolean; dtype?: DType }) {
    super();
    if (!(sigma > 0 && Number.isFinite(sigma))) {
      throw new RangeError(`Gaussian likelihood: sigma is ${sigma}; it must be a finite number above 0`);
    }
    this.#sigma = sigma;
    this.logsigma = learned ? variable(full([], Math.log(sigma), { dtype }), 'logsigma') : null;
    const isHalf = Math.abs(2 * sigma * sigma - 1) < 1e-9;
    this.term = learned
      ? 'negative log-likelihood'
      : isHalf
        ? 'squared error'
        : 'squared error / (2 sigma^2)';
  }

  /** The standard deviation now. */
  get sigma(): number {
    return this.logsigma === null ? this.#sigma : Math.exp(this.logsigma.item());
  }

  override reconstruction(output: Tensor, x: Tensor): Tensor {
    this.check(output, x);
    if (this.logsigma !== null) return gaussianNll(x, this.mean(output), { sigma: exp(this.logsigma) });
    return mul(squaredErrorWithLogits(output, x), 1 / (2 * this.#sigma * this.#sigma));
  }

  override constant(features: number): number {
    return this.logsigma === null ? features * (Math.log(this.#sigma) + HALF_LOG_TWO_PI) : 0;
  }

  override mean(output: Tensor): Tensor {
    return sigmoid(output);
  }
}

/**
 * The least a Bernoulli cross-entropy can be on this data, in nats per example: 0 for binary data.
 * @param x [batch, ...], values from 0 to 1
 * @throws ShapeError for an empty batch or a scalar.
 */
export function entropyFloor(x: Tensor): number {
  if (x.rank === 0 || x.shape[0] === 0) {
    throw new ShapeError(
      `entropyFloor: needs [batch, ...] with an example or more, but got ${formatShape(x.shape)}`,
    );
  }
  let total = 0;
  for (const p of x.data) if (p > 0 && p < 1) total -= p * Math.log(p) + (1 - p) * Math.log(1 - p);
  return total / x.shape[0];
}
