import type { Tensor } from '../../../tensor/tensor.js';
import { MIN_SIZE, NANOSECONDS } from '../costs.js';
import type { FastKernel } from '../fast-kernel.js';
import type { Runtime } from '../runtime.js';
import { FLOAT } from '../sizes.js';
import { LARGEST, type Middle, type OverAxes, placeMiddle } from './axes.js';
import { BLOCK, scratchFor, sumRows } from './sum-code.js';
import { COLUMN_REGISTERS, COLUMNS, sumColumns } from './sum-columns.js';

/** Rows from this length on are summed by blocks that threads share, where rows are too few to be shared. */
const LONG = 64 * BLOCK;
const FEW = 4;

/** The sum of each of `rows` rows. */
function addRows(runtime: Runtime, x: number, out: number, rows: number, columns: number): void {
  runtime.split(sumRows, rows, 1, rows * columns * NANOSECONDS.sum, (kernel, start, end) =>
    kernel(
      x + start * columns * FLOAT,
      out + start * FLOAT,
      end - start,
      columns,
      runtime.reserve(scratchFor(columns)),
    ),
  );
}

/** Numbers added in neighbouring pairs until one is left, as `sumTree` adds blocks. */
function pairwise(sums: Float32Array): number {
  for (let count = sums.length; count > 1; count = Math.ceil(count / 2)) {
    for (let i = 0; i < count; i += 2) sums[i / 2] = i + 1 < count ? sums[i] + sums[i + 1] : sums[i];
  }
  return sums[0];
}

/** The sum of one long row: its blocks as rows of their own, and then their sums. */
function addLongRow(runtime: Runtime, x: number, out: number, columns: number): void {
  const whole = Math.floor(columns / BLOCK);
  const count = Math.ceil(columns / BLOCK);
  const sums = runtime.reserve(count);
  addRows(runtime, x, sums, whole, BLOCK);
  if (whole < count) {
    addRows(runtime, x + whole * BLOCK * FLOAT, sums + whole * FLOAT, 1, columns - whole * BLOCK);
  }
  runtime.memory.floats(out, 1)[0] = pairwise(runtime.memory.floats(sums, count));
}

/** The sum of each column, of one matrix or of several. */
function addColumns(runtime: Runtime, x: number, out: number, { outer, length, inner }: Middle): void {
  const stride = inner * FLOAT;
  const work = outer * length * inner * NANOSECONDS.sum;
  const scratch = (): number => runtime.reserve(scratchFor(length, COLUMN_REGISTERS));
  if (outer === 1) {
    runtime.split(sumColumns, inner, COLUMNS, work, (kernel, start, end) =>
      kernel(x + start * FLOAT, out + start * FLOAT, 1, length, end - start, stride, scratch()),
    );
  } else {
    runtime.split(sumColumns, outer, 1, work, (kernel, start, end) =>
      kernel(
        x + start * length * stride,
        out + start * stride,
        end - start,
        length,
        inner,
        stride,
        scratch(),
      ),
    );
  }
}

/** Sums `x` into `out`; the number of elements in each sum, or 0 where it declines. */
function sumInto(runtime: Runtime, out: Tensor, x: Tensor, { axes }: OverAxes): number {
  if (x.size < MIN_SIZE.overAxes || x.size > LARGEST) return 0;
  const { from, outer, length, inner } = placeMiddle(runtime, x, axes);
  const to = runtime.result(out);
  if (inner > 1) addColumns(runtime, from, to, { outer, length, inner });
  else if (outer >= FEW || length < LONG) addRows(runtime, from, to, outer, length);
  else {
    for (let row = 0; row < outer; row++) {
      addLongRow(runtime, from + row * length * FLOAT, to + row * FLOAT, length);
    }
  }
  runtime.finish(out, to);
  return length;
}

/** The sum over any axes, with the bits of `sumTree`. */
export const fastSum: FastKernel<OverAxes> = {
  name: 'sum',
  run: (runtime, out, [x], attributes) => sumInto(runtime, out, x, attributes) > 0,
};

/** The mean over the same axes: the sum, divided by the number of elements. */
export const fastMean: FastKernel<OverAxes> = {
  name: 'mean',
  run(runtime, out, [x], attributes) {
    const count = sumInto(runtime, out, x, attributes);
    for (let i = 0; i < (count > 0 ? out.size : 0); i++) out.data[i] /= count;
    return count > 0;
  },
};
