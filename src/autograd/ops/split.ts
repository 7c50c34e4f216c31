import { ShapeError } from '../../tensor/errors.js';
import { checkOptions } from '../../tensor/known-options.js';
import { formatShape } from '../../tensor/shape.js';
import type { Tensor } from '../../tensor/tensor.js';
import { type AxesOptions, resolveAxis } from './axes.js';
import { span } from './join.js';

/** How {@link split} divides an axis, which defaults to 0: into a number of equal parts, or into parts of given sizes. */
export type SplitOptions = AxesOptions & ({ readonly parts: number } | { readonly sizes: readonly number[] });

function sizesOf(options: SplitOptions, n: number, axis: number): readonly number[] {
  const { parts, sizes } = { parts: undefined, sizes: undefined, ...options };
  if ((parts === undefined) === (sizes === undefined)) {
    throw new TypeError(
      'split: needs parts or sizes, as in split(x, { parts: 2 }) or split(x, { sizes: [3, 1] })',
    );
  }
  if (sizes !== undefined) {
    const total = sizes.reduce((sum, size) => sum + size, 0);
    if (sizes.every((size) => Number.isInteger(size) && size >= 0) && total === n) return sizes;
    throw new ShapeError(
      `split: sizes ${formatShape(sizes)} must be whole numbers that sum to ${n}, the size of axis ${axis}`,
    );
  }
  if (Number.isInteger(parts) && parts >= 1 && n % parts === 0) {
    return new Array<number>(parts).fill(n / parts);
  }
  throw new ShapeError(
    `split: axis ${axis} of size ${n} does not divide into ${parts} equal parts; give sizes instead`,
  );
}

/**
 * The parts of x one after another along an axis (0 by default), each a slice; concat puts them together again.
 * @example const [mean, logvar] = split(h, { parts: 2, axis: 1 });
 * @throws ShapeError when the parts do not make up the axis; TypeError unless one of `parts` and `sizes` is given.
 */
export function split(x: Tensor, options: SplitOptions): Tensor[] {
  checkOptions(options, ['parts', 'sizes', 'axis', 'axes'], 'split');
  const axis = resolveAxis(options, x.rank, 'split');
  let stop = 0;
  return sizesOf(options, x.shape[axis], axis).map((size) => {
    const start = stop;
    stop += size;
    return span(x, axis, start, stop);
  });
}
