import { noGrad } from '../autograd/apply.js';
import { batchNorm, groupNorm, perChannelAxes, scaled, standardize } from '../autograd/ops/normalize.js';
import { checkGroups } from '../autograd/ops/windows.js';
import { COUNT, checkNumber } from '../tensor/check-number.js';
import type { DType } from '../tensor/dtype.js';
import { ShapeError } from '../tensor/errors.js';
import { checkOptions } from '../tensor/known-options.js';
import { formatShape } from '../tensor/shape.js';
import type { Tensor } from '../tensor/tensor.js';
import { affineParameters, filled } from './affine.js';
import { Layer } from './module.js';

interface NormOptions {
  /** The channels of x, at least 1. */
  readonly channels: number;
  /** Added to the variance. Defaults to 1e-5. */
  readonly eps?: number;
  /** Learn a weight and a bias for each channel. Defaults to true. */
  readonly affine?: boolean;
  /** Defaults to float32. */
  readonly dtype?: DType;
}

/** Options of {@link BatchNorm2d}. */
export interface BatchNormLayerOptions extends NormOptions {
  /** The share of a batch in the running statistics. Defaults to 0.1. */
  readonly momentum?: number;
}

/** Moves a running statistic towards a batch's, whose every number is multiplied by `factor`. */
function follow(running: Tensor, batch: Tensor, momentum: number, factor: number): void {
  const [to, from] = [running.data, batch.data];
  for (let i = 0; i < to.length; i++) to[i] = (1 - momentum) * to[i] + momentum * factor * from[i];
  running.markWritten();
}

/**
 * Normalizes each channel of images: in training mode by the mean and variance of the batch, which running statistics follow; in
 * evaluation mode by the running ones. PyTorch's `BatchNorm2d`, with its names: the running variance is the unbiased one.
 */
export class BatchNorm2d extends Layer {
  readonly channels: number;
  readonly eps: number;
  readonly momentum: number;
  /** One for each channel, at first 1; null without `affine`. */
  readonly weight: Tensor | null;
  /** One for each channel, at first 0; null without `affine`. */
  readonly bias: Tensor | null;
  /** [channels], at first 0; the buffer `running_mean`. */
  readonly runningMean: Tensor;
  /** [channels], at first 1; the buffer `running_var`. */
  readonly runningVariance: Tensor;
  /** How many batches the statistics have followed; the buffer `num_batches_tracked`. */
  readonly batchesTracked: Tensor;

  /** @throws RangeError unless there is a channel, `eps` is not negative and `momentum` is from 0 to 1. */
  constructor(options: BatchNormLayerOptions) {
    super();
    checkOptions(options, ['channels', 'eps', 'momentum', 'affine', 'dtype'], 'BatchNorm2d');
    const { channels, eps = 1e-5, momentum = 0.1, affine = true, dtype = 'float32' } = options;
    checkNumber(channels, COUNT, 'channels', 'BatchNorm2d');
    checkNumber(eps, { min: 0 }, 'eps', 'BatchNorm2d');
    checkNumber(momentum, { min: 0, max: 1 }, 'momentum', 'BatchNorm2d');
    this.channels = channels;
    this.eps = eps;
    this.momentum = momentum;
    const { weight, bias } = affineParameters(affine, [channels], dtype);
    this.weight = weight;
    this.bias = bias;
    this.runningMean = this.buffer('running_mean', filled([channels], 0, dtype));
    this.runningVariance = this.buffer('running_var', filled([channels], 1, dtype));
    this.batchesTracked = this.buffer('num_batches_tracked', filled([], 0, 'float64'));
  }

  /**
   * @param x shape [batch, channels, height, width]; the result has the same
   * @throws ShapeError for other channels, and in training mode where a channel has one number alone.
   */
  override forward(x: Tensor): Tensor {
    const { channels, eps, weight, bias, runningMean, runningVariance } = this;
    if (x.rank !== 4 || x.shape[1] !== channels) {
      throw new ShapeError(
        `BatchNorm2d: takes [batch, ${channels}, height, width], but got ${formatShape(x.shape)}`,
      );
    }
    if (!this.training) {
      return batchNorm(x, { mean: runningMean, variance: runningVariance, weight, bias, eps });
    }
    const count = x.size / channels;
    if (count === 1) {
      throw new ShapeError(
        `BatchNorm2d: one number of each channel has no variance to train on, but x is ${formatShape(x.shape)}; ` +
          'take a larger batch, or call eval()',
      );
    }
    const { normal, mean, variance } = standardize(x, perChannelAxes(x), eps);
    if (count > 0) noGrad(() => this.#follow(mean, variance, count / (count - 1)));
    return scaled(normal, this, 'BatchNorm2d');
  }

  #follow(mean: Tensor, variance: Tensor, unbiased: number): void {
    follow(this.runningMean, mean, this.momentum, 1);
    follow(this.runningVariance, variance, this.momentum, unbiased);
    this.batchesTracked.data[0]++;
    this.batchesTracked.markWritten();
  }

  protected override settings(): string {
    const { channels, eps, momentum, weight } = this;
    return `channels=${channels}, eps=${eps}, momentum=${momentum}, affine=${weight !== null}`;
  }
}

/** Options of {@link GroupNorm}. */
export interface GroupNormLayerOptions extends NormOptions {
  /** How many groups the channels are divided into. */
  readonly groups: number;
}

/** Normalizes each group of channels of an example by its own mean and variance: PyTorch's `GroupNorm`. */
export class GroupNorm extends Layer {
  readonly groups: number;
  readonly channels: number;
  readonly eps: number;
  /** One for each channel, at first 1; null without `affine`. */
  readonly weight: Tensor | null;
  /** One for each channel, at first 0; null without `affine`. */
  readonly bias: Tensor | null;

  /** @throws RangeError unless groups divide the channels, and `eps` is not negative. */
  constructor(options: GroupNormLayerOptions) {
    super();
    checkOptions(options, ['groups', 'channels', 'eps', 'affine', 'dtype'], 'GroupNorm');
    const { groups, channels, eps = 1e-5, affine = true, dtype = 'float32' } = options;
    checkNumber(channels, COUNT, 'channels', 'GroupNorm');
    checkGroups(groups, [channels], 'GroupNorm');
    checkNumber(eps, { min: 0 }, 'eps', 'GroupNorm');
    this.groups = groups;
    this.channels = channels;
    this.eps = eps;
    const { weight, bias } = affineParameters(affine, [channels], dtype);
    this.weight = weight;
    this.bias = bias;
  }

  /**
   * @param x shape [batch, channels, ...]; the result has the same
   * @throws ShapeError for other channels.
   */
  override forward(x: Tensor): Tensor {
    if (x.rank < 2 || x.shape[1] !== this.channels) {
      throw new ShapeError(
        `GroupNorm: takes [batch, ${this.channels}, ...], but got ${formatShape(x.shape)}`,
      );
    }
    const { groups, weight, bias, eps } = this;
    return groupNorm(x, { groups, weight, bias, eps });
  }

  protected override settings(): string {
    const { groups, channels, eps, weight } = this;
    return `groups=${groups}, channels=${channels}, eps=${eps}, affine=${weight !== null}`;
  }
}
