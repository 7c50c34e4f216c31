import { add } from '../autograd/ops/arithmetic.js';
import { ShapeError } from '../tensor/errors.js';
import { formatShape, sameShape } from '../tensor/shape.js';
import type { Tensor } from '../tensor/tensor.js';
import { Sequential } from './sequential.js';

/**
 * x + f(x), where f is layers one after another, named as in `Sequential`.
 * Source: He et al., "Deep residual learning for image recognition", 2016, eq. 1.
 * @example
 * const conv = () => new Conv2d({ inputs: 64, outputs: 64, kernel: 3, padding: 1, stream });
 * new Residual(new ReLU(), conv(), new ReLU(), conv())
 */
export class Residual extends Sequential {
  /** @throws ShapeError when the layers change the shape. */
  override forward(x: Tensor): Tensor {
    const change = super.forward(x);
    if (sameShape(x.shape, change.shape)) return add(x, change);
    throw new ShapeError(
      `Residual: the layers make ${formatShape(change.shape)} of ${formatShape(x.shape)}; they must keep the shape`,
    );
  }
}
