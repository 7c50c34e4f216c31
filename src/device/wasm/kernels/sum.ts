import { NANOSECONDS } from '../costs.js';
import type { FastKernel } from '../fast-kernel.js';
import type { OverAxes } from './axes.js';
import { type Reduction, reduceInto } from './reduce.js';
import { BLOCK, scratchFor, sumRows } from './sum-code.js';
import { COLUMN_REGISTERS, sumColumns } from './sum-columns.js';

/** Numbers added in neighbouring pairs until one is left, as `sumTree` adds blocks. */
function pairwise(sums: Float32Array): number {
  for (let count = sums.length; count > 1; count = Math.ceil(count / 2)) {
    for (let i = 0; i < count; i += 2) sums[i / 2] = i + 1 < count ? sums[i] + sums[i + 1] : sums[i];
  }
  return sums[0];
}

/** A long row is summed by its blocks. */
const SUM: Reduction = {
  rows: sumRows,
  columns: sumColumns,
  scratch: (length, by) => scratchFor(length, by === 'rows' ? 1 : COLUMN_REGISTERS),
  element: NANOSECONDS.sum,
  row: 0,
  long: 64 * BLOCK,
  piece: BLOCK,
  join: ({ memory }, sums, to, count) => {
    memory.floats(to, 1)[0] = pairwise(memory.floats(sums, count));
  },
};

/** The sum over any axes, with the bits of `sumTree`. */
export const fastSum: FastKernel<OverAxes> = {
  name: 'sum',
  run: (runtime, out, [x], attributes) => reduceInto(runtime, SUM, out, x, attributes) > 0,
};

/** The mean over the same axes: the sum, divided by the number of elements. */
export const fastMean: FastKernel<OverAxes> = {
  name: 'mean',
  run(runtime, out, [x], attributes) {
    const count = reduceInto(runtime, SUM, out, x, attributes);
    for (let i = 0; i < (count > 0 ? out.size : 0); i++) out.data[i] /= count;
    return count > 0;
  },
};
