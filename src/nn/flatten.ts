import { reshape } from '../autograd/ops/shape.js';
import { ShapeError } from '../tensor/errors.js';
import { sizeOf } from '../tensor/shape.js';
import type { Tensor } from '../tensor/tensor.js';
import { Layer } from './module.js';

/** All dimensions but the first as one: [batch, rows, columns] gives [batch, rows * columns]. */
export class Flatten extends Layer {
  /** @throws ShapeError for a scalar. */
  override forward(x: Tensor): Tensor {
    if (x.rank === 0) throw new ShapeError('Flatten: needs [batch, ...], but got a scalar');
    const [batch, ...rest] = x.shape;
    return reshape(x, { shape: [batch, sizeOf(rest)] });
  }
}
