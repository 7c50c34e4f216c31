import { full } from '../../tensor/create.js';
import { ShapeError } from '../../tensor/errors.js';
import { checkOptions } from '../../tensor/known-options.js';
import { formatShape } from '../../tensor/shape.js';
import type { Tensor } from '../../tensor/tensor.js';
import { noGrad } from '../apply.js';
import { where } from './select.js';
import { unslice } from './slice.js';

/** What {@link pad} puts around a tensor. */
export interface PadOptions {
  /** How many elements come before and after, for each dimension. */
  readonly padding: readonly (readonly [before: number, after: number])[];
  /** What they are. Defaults to 0. */
  readonly value?: number;
}

const isCount = (n: unknown): boolean => Number.isInteger(n) && Number(n) >= 0;

/**
 * x with a border of a constant value.
 * @example pad(x, { padding: [[0, 0], [1, 2]] }) // [m, n] gives [m, n + 3]
 * @throws ShapeError unless there are two whole numbers for each dimension.
 */
export function pad(x: Tensor, options: PadOptions): Tensor {
  checkOptions(options, ['padding', 'value'], 'pad');
  const { padding = [], value = 0 } = options ?? {};
  if (padding.length !== x.rank || !padding.every((pair) => pair.length === 2 && pair.every(isCount))) {
    const got = `[${padding.map((pair) => (Array.isArray(pair) ? formatShape(pair) : String(pair))).join(', ')}]`;
    throw new ShapeError(
      `pad: padding must give [before, after], two whole numbers, for each dimension of ${formatShape(x.shape)}, but is ${got}`,
    );
  }
  const window = {
    shape: x.shape.map((n, d) => padding[d][0] + n + padding[d][1]),
    start: padding.map(([before]) => before),
    step: padding.map(() => 1),
  };
  const padded = unslice(x, window);
  // What is chosen is not computed with: an infinite value leaves the elements of x as they are.
  return value === 0
    ? padded
    : where(
        noGrad(() => unslice(full(x.shape, 1, { dtype: x.dtype }), window)),
        padded,
        value,
      );
}
