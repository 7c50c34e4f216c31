import { reshape } from '../autograd/ops/shape.js';
import { ShapeError } from '../tensor/errors.js';
import { checkShape, formatShape, type Shape, sizeOf } from '../tensor/shape.js';
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

/** All dimensions but the first as others: the inverse of {@link Flatten}. */
export class Reshape extends Layer {
  /** The shape of one example. */
  readonly shape: Shape;

  /**
   * @param shape of one example
   * @example new Reshape([64, 7, 7]) // [batch, 3136] gives [batch, 64, 7, 7]
   * @throws ShapeError unless it is a list of sizes.
   */
  constructor(shape: Shape) {
    super();
    checkShape(shape, 'Reshape');
    this.shape = shape;
  }

  /** @throws ShapeError when an example has another number of elements. */
  override forward(x: Tensor): Tensor {
    const { shape } = this;
    if (x.rank > 0 && sizeOf(x.shape.slice(1)) === sizeOf(shape)) {
      return reshape(x, { shape: [x.shape[0], ...shape] });
    }
    throw new ShapeError(
      `Reshape: an example is ${formatShape(x.shape.slice(1))}, which has not the ${sizeOf(shape)} elements of ${formatShape(shape)}`,
    );
  }

  protected override settings(): string {
    return formatShape(this.shape);
  }
}
