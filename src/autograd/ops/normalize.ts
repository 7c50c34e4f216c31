import { checkNumber } from '../../tensor/check-number.js';
import { ShapeError } from '../../tensor/errors.js';
import { checkOptions } from '../../tensor/known-options.js';
import { formatShape, sizeOf } from '../../tensor/shape.js';
import type { Tensor } from '../../tensor/tensor.js';
import { add, div, mul, sqrt, square, sub } from './arithmetic.js';
import { mean } from './reduce.js';
import { reshape } from './shape.js';
import { checkGroups } from './windows.js';

/** What {@link standardize} gives. */
interface Standardized {
  /** (x - mean) / sqrt(variance + eps). */
  readonly normal: Tensor;
  /** Over the axes, which have size 1. */
  readonly mean: Tensor;
  /** The same, divided by n. */
  readonly variance: Tensor;
}

/** x less its mean over some axes, in units of its standard deviation. */
export function standardize(x: Tensor, axes: readonly number[], eps: number): Standardized {
  const over = { axes, keepDims: true };
  const center = mean(x, over);
  const centered = sub(x, center);
  const variance = mean(square(centered), over);
  return { normal: div(centered, sqrt(add(variance, eps))), mean: center, variance };
}

/** What normalized values are multiplied by, and what is added to them. */
interface Affine {
  /** A factor for each channel. Defaults to none. */
  readonly weight?: Tensor | null;
  /** A term for each channel. Defaults to none. */
  readonly bias?: Tensor | null;
  /** Added to the variance. Defaults to 1e-5. */
  readonly eps?: number;
}

/** One number for each channel, in the shape that broadcasts to x. */
function perChannel(values: Tensor, x: Tensor, what: string, who: string): Tensor {
  if (values.rank !== 1 || values.shape[0] !== x.shape[1]) {
    throw new ShapeError(
      `${who}: the ${what} is ${formatShape(values.shape)}, but x ${formatShape(x.shape)} has ${x.shape[1]} channels; give [${x.shape[1]}]`,
    );
  }
  return reshape(values, { shape: [-1, ...x.shape.slice(2).map(() => 1)] });
}

/** normal * weight + bias, each for a channel. */
export function scaled(normal: Tensor, { weight, bias }: Affine, who: string): Tensor {
  const product = weight == null ? normal : mul(normal, perChannel(weight, normal, 'weight', who));
  return bias == null ? product : add(product, perChannel(bias, normal, 'bias', who));
}

function checkChannels(x: Tensor, eps: number, who: string): void {
  checkNumber(eps, { min: 0 }, 'eps', who);
  if (x.rank >= 2) return;
  throw new ShapeError(`${who}: takes x [batch, channels, ...], but got ${formatShape(x.shape)}`);
}

/** Options of {@link batchNorm}. */
export interface BatchNormOptions extends Affine {
  /** The mean of each channel, [channels]. Defaults to that of x. */
  readonly mean?: Tensor;
  /** The variance of each channel, [channels]; given with the mean. Defaults to that of x, divided by n. */
  readonly variance?: Tensor;
}

/** All axes but that of the channels. */
export const perChannelAxes = (x: Tensor): readonly number[] =>
  x.shape.map((_, axis) => axis).filter((axis) => axis !== 1);

/**
 * (x - mean) / sqrt(variance + eps) * weight + bias, with a mean and a variance for each channel of x [batch, channels, ...]: those over
 * the batch and all positions, or given ones, as in evaluation (Ioffe and Szegedy, "Batch normalization", 2015).
 * @throws ShapeError unless there is one number of each for each channel; TypeError for a mean without a variance.
 */
export function batchNorm(x: Tensor, options: BatchNormOptions = {}): Tensor {
  checkOptions(options, ['mean', 'variance', 'weight', 'bias', 'eps'], 'batchNorm');
  const { mean: center, variance, eps = 1e-5 } = options;
  checkChannels(x, eps, 'batchNorm');
  if ((center === undefined) !== (variance === undefined)) {
    throw new TypeError('batchNorm: mean and variance are given together, or neither');
  }
  if (center === undefined || variance === undefined) {
    return scaled(standardize(x, perChannelAxes(x), eps).normal, options, 'batchNorm');
  }
  const spread = sqrt(add(perChannel(variance, x, 'variance', 'batchNorm'), eps));
  return scaled(div(sub(x, perChannel(center, x, 'mean', 'batchNorm')), spread), options, 'batchNorm');
}

/** Options of {@link groupNorm}. */
export interface GroupNormOptions extends Affine {
  /** How many groups the channels are divided into. */
  readonly groups: number;
}

/**
 * (x - mean) / sqrt(variance + eps) * weight + bias, with a mean and a variance for each example and group of channels of
 * x [batch, channels, ...]; weight and bias are for each channel (Wu and He, "Group normalization", 2018).
 * @throws ShapeError unless groups divide the channels, and weight and bias are [channels].
 */
export function groupNorm(x: Tensor, options: GroupNormOptions): Tensor {
  checkOptions(options, ['groups', 'weight', 'bias', 'eps'], 'groupNorm');
  const { groups, eps = 1e-5 } = options;
  checkChannels(x, eps, 'groupNorm');
  const [batch, channels] = x.shape;
  checkGroups(groups, [channels], 'groupNorm');
  const grouped = reshape(x, { shape: [batch, groups, (channels / groups) * sizeOf(x.shape.slice(2))] });
  return scaled(reshape(standardize(grouped, [2], eps).normal, { shape: x.shape }), options, 'groupNorm');
}
