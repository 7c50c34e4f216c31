import { ShapeError } from '../../tensor/errors.js';
import { formatShape } from '../../tensor/shape.js';
import type { Tensor } from '../../tensor/tensor.js';

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
