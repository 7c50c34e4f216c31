import { full } from '../../tensor/create.js';
import { quote } from '../../tensor/describe.js';
import { ShapeError } from '../../tensor/errors.js';
import { checkOptions } from '../../tensor/known-options.js';
import { formatShape } from '../../tensor/shape.js';
import type { Tensor } from '../../tensor/tensor.js';
import { noGrad } from '../apply.js';
import { gather } from './gather.js';
import { where } from './select.js';
import { unslice } from './slice.js';

/** What {@link pad} puts around a tensor. */
export interface PadOptions {
  /** How many elements come before and after, for each dimension. */
  readonly padding: readonly (readonly [before: number, after: number])[];
  /** A constant value, or the elements inside, mirrored at the first and the last. Defaults to 'constant'. */
  readonly mode?: 'constant' | 'reflect';
  /** The constant value. Defaults to 0. */
  readonly value?: number;
}

const MODES = ['constant', 'reflect'] as const;

const isCount = (n: unknown): boolean => Number.isInteger(n) && Number(n) >= 0;

/** @throws ShapeError where a side is not smaller than the dimension: there is nothing to mirror. */
function reflected(x: Tensor, padding: PadOptions['padding']): Tensor {
  return padding.reduce((y, [before, after], axis) => {
    const n = x.shape[axis];
    if (before + after === 0) return y;
    if (Math.max(before, after) >= n) {
      throw new ShapeError(
        `pad: dimension ${axis} of ${formatShape(x.shape)} is mirrored by ${before} before and ${after} after, but at most ${Math.max(0, n - 1)} fit`,
      );
    }
    const indices = Int32Array.from({ length: before + n + after }, (_, i) => {
      const at = Math.abs(i - before);
      return at < n ? at : 2 * (n - 1) - at;
    });
    return gather(y, { indices, axis });
  }, x);
}

/**
 * x with a border: of a constant value, or of its own elements mirrored at its edges (`mode: 'reflect'`: the edge itself is not
 * repeated, so that a border is smaller than the dimension).
 * @example pad(x, { padding: [[0, 0], [1, 2]] }) // [m, n] gives [m, n + 3]
 * @throws ShapeError unless there are two whole numbers for each dimension, or where a mirrored border is too large; RangeError for
 * another mode.
 */
export function pad(x: Tensor, options: PadOptions): Tensor {
  checkOptions(options, ['padding', 'mode', 'value'], 'pad');
  const { padding = [], mode = 'constant', value = 0 } = options ?? {};
  if (padding.length !== x.rank || !padding.every((pair) => pair.length === 2 && pair.every(isCount))) {
    const got = `[${padding.map((pair) => (Array.isArray(pair) ? formatShape(pair) : String(pair))).join(', ')}]`;
    throw new ShapeError(
      `pad: padding must give [before, after], two whole numbers, for each dimension of ${formatShape(x.shape)}, but is ${got}`,
    );
  }
  if (!MODES.includes(mode)) {
    throw new RangeError(`pad: there is no mode ${quote(mode)}; there are ${MODES.join(', ')}`);
  }
  if (mode === 'reflect') return reflected(x, padding);
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
