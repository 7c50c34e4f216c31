import type { FastKernel } from '../fast-kernel.js';
import type { OverAxes } from './axes.js';
import { type Extreme, extremeColumns, extremeRows, MAX, MIN } from './extreme-code.js';
import { type Reduction, reduceInto, reduceRows } from './reduce.js';

const PIECE = 2 ** 14;

function reductionOf(extreme: Extreme): Reduction {
  const reduction: Reduction = {
    rows: extremeRows(extreme),
    columns: extremeColumns(extreme),
    element: 0.2,
    row: 10,
    long: 2 * PIECE,
    piece: PIECE,
    join: (runtime, pieces, to, count) => reduceRows(runtime, reduction, pieces, to, 1, count),
  };
  return reduction;
}

/** The largest or smallest element over any axes. */
const fastExtreme = (name: string, reduction: Reduction): FastKernel<OverAxes> => ({
  name,
  run: (runtime, out, [x], attributes) => reduceInto(runtime, reduction, out, x, attributes) > 0,
});

export const maximum = reductionOf(MAX);

export const fastMax = fastExtreme('max', maximum);
export const fastMin = fastExtreme('min', reductionOf(MIN));
