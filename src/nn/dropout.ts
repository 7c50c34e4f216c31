import { mul } from '../autograd/ops/arithmetic.js';
import { checkNumber } from '../tensor/check-number.js';
import { bernoulli } from '../tensor/create.js';
import { ShapeError } from '../tensor/errors.js';
import { checkOptions } from '../tensor/known-options.js';
import { checkStream } from '../tensor/random/check-stream.js';
import type { RandomStream } from '../tensor/random/stream.js';
import { formatShape, type Shape } from '../tensor/shape.js';
import type { Tensor } from '../tensor/tensor.js';
import { Layer } from './module.js';

/** Options of {@link Dropout}. */
export interface DropoutOptions {
  /** The probability that an element becomes 0, from 0 to below 1. Defaults to 0.5. */
  readonly rate?: number;
  /** Where the choices come from; each call in training mode goes on in it. */
  readonly stream: RandomStream;
}

/**
 * In training mode, sets each element to 0 with probability `rate` and multiplies the others by 1 / (1 - rate), so that the
 * expectation stays; in evaluation mode, x itself (Srivastava et al., "Dropout", 2014; scaled while training, as in PyTorch).
 */
export class Dropout extends Layer {
  readonly rate: number;
  readonly stream: RandomStream;

  /** @throws RangeError unless `rate` is from 0 to below 1. */
  constructor(options: DropoutOptions) {
    super();
    const who = this.constructor.name;
    checkOptions(options, ['rate', 'stream'], who);
    const { rate = 0.5, stream } = options;
    checkNumber(rate, { min: 0, below: 1 }, 'rate', who);
    checkStream(stream, who);
    this.rate = rate;
    this.stream = stream;
  }

  /** @param x any shape; the result has the same */
  override forward(x: Tensor): Tensor {
    if (!this.training || this.rate === 0) return x;
    const keep = 1 - this.rate;
    return mul(mul(x, bernoulli(this.chosen(x), this.stream, keep, { dtype: x.dtype })), 1 / keep);
  }

  /** The shape of what is drawn: a choice for each element. */
  protected chosen({ shape }: Tensor): Shape {
    return shape;
  }

  protected override settings(): string {
    return `rate=${this.rate}`;
  }
}

/** {@link Dropout} of whole channels: neighbouring pixels are alike, so that single ones are hardly missed (Tompson et al. 2015). */
export class Dropout2d extends Dropout {
  /** @throws ShapeError unless x is [batch, channels, ...]. */
  protected override chosen({ shape }: Tensor): Shape {
    if (shape.length >= 2) return shape.map((n, axis) => (axis < 2 ? n : 1));
    throw new ShapeError(`Dropout2d: takes x [batch, channels, ...], but got ${formatShape(shape)}`);
  }
}
