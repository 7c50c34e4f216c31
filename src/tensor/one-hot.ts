import type { DType } from './dtype.js';
import { ShapeError } from './errors.js';
import { checkIndices } from './indices.js';
import { checkOptions } from './known-options.js';
import { Tensor } from './tensor.js';

/** Options of {@link oneHot}. */
export interface OneHotOptions {
  /** How many classes there are: the size of the new last dimension. */
  readonly classes: number;
  /** Defaults to float32. */
  readonly dtype?: DType;
}

/**
 * Labels as rows of zeros with a 1 at each label: [...] gives [..., classes].
 * @param labels integers from 0 to classes - 1, as a list, a typed array or a tensor of any shape
 * @example oneHot([2, 0], { classes: 3 }) // [[0, 0, 1], [1, 0, 0]]
 * @throws RangeError naming the first label out of range; ShapeError unless `classes` is a positive integer.
 */
export function oneHot(labels: ArrayLike<number> | Tensor, options: OneHotOptions): Tensor {
  checkOptions(options, ['classes', 'dtype'], 'oneHot');
  const { classes, dtype = 'float32' } = options ?? {};
  if (!Number.isSafeInteger(classes) || classes < 1) {
    throw new ShapeError(
      `oneHot: classes is ${String(classes)}; it must be an integer of 1 or more, as in oneHot(labels, { classes: 10 })`,
    );
  }
  const [values, shape] = labels instanceof Tensor ? [labels.data, labels.shape] : [labels, [labels.length]];
  checkIndices(values, classes, 'oneHot: label');
  const out = Tensor.empty([...shape, classes], dtype);
  for (let i = 0; i < values.length; i++) out.data[i * classes + values[i]] = 1;
  return out;
}
