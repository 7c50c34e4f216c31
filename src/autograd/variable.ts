import { describeValue } from '../tensor/describe.js';
import { Tensor } from '../tensor/tensor.js';
import { leaf } from './node.js';
import { cast } from './ops/cast.js';
import { alias, reshape } from './ops/shape.js';

/** The methods of recorded tensors as ops: all recorded tensors come from a variable, so that it is here that they are needed. */
const recorded: typeof Tensor.recorded = {
  clone: (t) => alias(t),
  view: (t, shape) => reshape(t, { shape }),
  to: (t, dtype) => cast(t, { dtype }),
};

/**
 * A tensor to differentiate with respect to: it shares the data of `x`, and ops on it are recorded.
 * @param label a name for graphs, reports and errors. Defaults to that of `x`.
 * @throws TypeError when `x` is no tensor.
 */
export function variable(x: Tensor, label?: string): Tensor {
  if (!(x instanceof Tensor)) {
    throw new TypeError(`variable: takes a tensor, but got ${describeValue(x)}; make one with tensor(...)`);
  }
  Tensor.recorded = recorded;
  return leaf(x, label);
}
