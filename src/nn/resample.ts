import { type AvgPoolOptions, avgPool2d, maxPool2d, type PoolOptions } from '../autograd/ops/pool.js';
import { type UpsampleOptions, upsample } from '../autograd/ops/upsample.js';
import { perAxis } from '../autograd/ops/windows.js';
import { COUNT } from '../tensor/check-number.js';
import { checkOptions } from '../tensor/known-options.js';
import { formatShape } from '../tensor/shape.js';
import type { Tensor } from '../tensor/tensor.js';
import { Layer } from './module.js';

/** Settings as they are printed. */
const printed = (options: object): string =>
  Object.entries(options)
    .map(([name, value]) => `${name}=${Array.isArray(value) ? formatShape(value) : value}`)
    .join(', ');

/** The largest pixel of each window of an image; see `maxPool2d`. */
export class MaxPool2d extends Layer {
  readonly options: PoolOptions;

  /** @throws RangeError unless the kernel is of positive integers. */
  constructor(options: PoolOptions) {
    super();
    checkOptions(options, ['kernel', 'stride', 'padding', 'dilation'], 'MaxPool2d');
    perAxis(options.kernel, COUNT, 'kernel', 'MaxPool2d');
    this.options = options;
  }

  /** @param x shape [batch, channels, height, width] */
  override forward(x: Tensor): Tensor {
    return maxPool2d(x, this.options);
  }

  protected override settings(): string {
    return printed(this.options);
  }
}

/** The mean of each window of an image; see `avgPool2d`. */
export class AvgPool2d extends Layer {
  readonly options: AvgPoolOptions;

  /** @throws RangeError unless the kernel is of positive integers. */
  constructor(options: AvgPoolOptions) {
    super();
    checkOptions(options, ['kernel', 'stride', 'padding', 'countPadding'], 'AvgPool2d');
    perAxis(options.kernel, COUNT, 'kernel', 'AvgPool2d');
    this.options = options;
  }

  /** @param x shape [batch, channels, height, width] */
  override forward(x: Tensor): Tensor {
    return avgPool2d(x, this.options);
  }

  protected override settings(): string {
    return printed(this.options);
  }
}

/** Images of another size; see `upsample`. */
export class Upsample extends Layer {
  readonly options: UpsampleOptions;

  constructor(options: UpsampleOptions) {
    super();
    checkOptions(options, ['scale', 'size', 'mode', 'alignCorners'], 'Upsample');
    this.options = options;
  }

  /** @param x shape [batch, channels, height, width] */
  override forward(x: Tensor): Tensor {
    return upsample(x, this.options);
  }

  protected override settings(): string {
    return printed(this.options);
  }
}
