import { ShapeError } from '../../tensor/errors.js';
import { around } from '../../tensor/kernels/layout.js';
import { checkOptions } from '../../tensor/known-options.js';
import { formatShape, sameShape } from '../../tensor/shape.js';
import type { Tensor } from '../../tensor/tensor.js';
import { type AxesOptions, resolveAxis } from './axes.js';
import { gather } from './gather.js';
import { reshape } from './shape.js';

/**
 * One element of x for each index, along an axis (the last by default): y[.., i, ..] = x[.., indices[.., i, ..], ..]. The result
 * has the shape of `indices`, which agrees with that of x but for the axis. An index may repeat; the gradient adds up at the
 * element it names. No gradient flows to the indices.
 * @example takeAlongAxis(x, argmax(x, { axis: 1, keepDims: true }), { axis: 1 }) // the largest of each row
 * @throws ShapeError when shapes do not fit, or for an index or axis out of range.
 */
export function takeAlongAxis(x: Tensor, indices: Tensor, options: AxesOptions = {}): Tensor {
  checkOptions(options, ['axis', 'axes'], 'takeAlongAxis');
  const axis = resolveAxis(options, x.rank, 'takeAlongAxis', -1);
  const fitting = x.shape.map((n, d) => (d === axis ? indices.shape[d] : n));
  if (!sameShape(fitting, indices.shape)) {
    throw new ShapeError(
      `takeAlongAxis: indices ${formatShape(indices.shape)} and x ${formatShape(x.shape)} must have the same shape but for axis ${axis}; stretch one with broadcastTo`,
    );
  }
  const [outer, size, inner] = around(x.shape, axis);
  const count = indices.shape[axis];
  const { data } = indices;
  const flat = new Int32Array(indices.size);
  for (let at = 0, o = 0; o < outer; o++) {
    for (let i = 0; i < count; i++) {
      for (let j = 0; j < inner; j++, at++) {
        const index = data[at];
        if (!Number.isInteger(index) || index < 0 || index >= size) {
          throw new ShapeError(
            `takeAlongAxis: index ${index} (number ${at}) is out of range for axis ${axis} of size ${size}`,
          );
        }
        flat[at] = (o * size + index) * inner + j;
      }
    }
  }
  return reshape(gather(reshape(x, { shape: [-1] }), { indices: flat }), { shape: indices.shape });
}
