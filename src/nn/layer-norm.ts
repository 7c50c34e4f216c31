import { add, mul } from '../autograd/ops/arithmetic.js';
import { standardize } from '../autograd/ops/normalize.js';
import { checkNumber } from '../tensor/check-number.js';
import type { DType } from '../tensor/dtype.js';
import { ShapeError } from '../tensor/errors.js';
import { checkOptions } from '../tensor/known-options.js';
import { checkShape, formatShape, type Shape, sameShape } from '../tensor/shape.js';
import type { Tensor } from '../tensor/tensor.js';
import { affineParameters } from './affine.js';
import { Layer } from './module.js';

/** Options of {@link LayerNorm}. */
export interface LayerNormOptions {
  /** The last dimensions of x, over which is normalized; a number for one. */
  readonly shape: number | Shape;
  /** Added to the variance. Defaults to 1e-5. */
  readonly eps?: number;
  /** Learn a weight and a bias for each element. Defaults to true. */
  readonly affine?: boolean;
  /** Defaults to float32. */
  readonly dtype?: DType;
}

/**
 * (x - mean) / sqrt(variance + eps) * weight + bias, with mean and variance (divided by n) over the last dimensions of each
 * example: PyTorch's `LayerNorm`, with its names (Ba et al., "Layer normalization", 2016).
 */
export class LayerNorm extends Layer {
  /** The last dimensions of x. */
  readonly shape: Shape;
  readonly eps: number;
  /** One for each element, at first 1; null without `affine`. */
  readonly weight: Tensor | null;
  /** One for each element, at first 0; null without `affine`. */
  readonly bias: Tensor | null;

  /** @throws ShapeError when `shape` holds no element; RangeError unless `eps` is finite and not negative. */
  constructor(options: LayerNormOptions) {
    super();
    checkOptions(options, ['shape', 'eps', 'affine', 'dtype'], 'LayerNorm');
    const { eps = 1e-5, affine = true, dtype = 'float32' } = options;
    const shape = [options.shape].flat();
    checkShape(shape, 'LayerNorm');
    if (shape.length === 0 || shape.includes(0)) {
      throw new ShapeError(
        `LayerNorm: shape is ${formatShape(shape)}; it must name one dimension or more, none of them 0`,
      );
    }
    checkNumber(eps, { min: 0 }, 'eps', 'LayerNorm');
    this.shape = shape;
    this.eps = eps;
    const { weight, bias } = affineParameters(affine, shape, dtype);
    this.weight = weight;
    this.bias = bias;
  }

  /**
   * @param x shape [..., ...shape]; the result has the same
   * @throws ShapeError when the last dimensions of `x` are not `shape`.
   */
  override forward(x: Tensor): Tensor {
    const { shape, eps, weight, bias } = this;
    if (!sameShape(x.shape.slice(-shape.length), shape)) {
      throw new ShapeError(
        `LayerNorm: normalizes over ${formatShape(shape)}, but the last dimensions of ${formatShape(x.shape)} differ`,
      );
    }
    const axes = shape.map((_, d) => d - shape.length);
    const { normal } = standardize(x, axes, eps);
    return weight === null || bias === null ? normal : add(mul(normal, weight), bias);
  }

  protected override settings(): string {
    return `shape=${formatShape(this.shape)}, eps=${this.eps}, affine=${this.weight !== null}`;
  }
}
