import {
  type AvgPoolOptions,
  avgPool2d,
  avgPoolOptions,
  maxPool2d,
  type PoolOptions,
} from '../autograd/ops/pool.js';
import { type UpsampleOptions, upsample, upsampleOptions } from '../autograd/ops/upsample.js';
import { perAxis } from '../autograd/ops/windows.js';
import { COUNT } from '../tensor/check-number.js';
import { checkOptions } from '../tensor/known-options.js';
import type { Tensor } from '../tensor/tensor.js';
import { Layer, printed } from './module.js';

/** A layer that calls a function of images, with its options. */
abstract class ImageLayer<Options extends object> extends Layer {
  /** @throws TypeError for an option that is not among `known`. */
  protected constructor(
    readonly options: Options,
    known: readonly string[],
    who: string,
  ) {
    super();
    checkOptions(options, known, who);
  }

  protected override settings(): string {
    return printed(this.options);
  }
}

/** The largest pixel of each window of an image; see `maxPool2d`. */
export class MaxPool2d extends ImageLayer<PoolOptions> {
  /** @throws RangeError unless the kernel is of positive integers. */
  constructor(options: PoolOptions) {
    super(options, maxPool2d.op.options, 'MaxPool2d');
    perAxis(options.kernel, COUNT, 'kernel', 'MaxPool2d');
  }

  /** @param x shape [batch, channels, height, width] */
  override forward(x: Tensor): Tensor {
    return maxPool2d(x, this.options);
  }
}

/** The mean of each window of an image; see `avgPool2d`. */
export class AvgPool2d extends ImageLayer<AvgPoolOptions> {
  /** @throws RangeError unless the kernel is of positive integers. */
  constructor(options: AvgPoolOptions) {
    super(options, avgPoolOptions, 'AvgPool2d');
    perAxis(options.kernel, COUNT, 'kernel', 'AvgPool2d');
  }

  /** @param x shape [batch, channels, height, width] */
  override forward(x: Tensor): Tensor {
    return avgPool2d(x, this.options);
  }
}

/** Images of another size; see `upsample`. */
export class Upsample extends ImageLayer<UpsampleOptions> {
  constructor(options: UpsampleOptions) {
    super(options, upsampleOptions, 'Upsample');
  }

  /** @param x shape [batch, channels, height, width] */
  override forward(x: Tensor): Tensor {
    return upsample(x, this.options);
  }
}
