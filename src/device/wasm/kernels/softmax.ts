import { isIdentity, reversed, transposeCopy } from '../../../tensor/kernels/strided.js';
import { sizeOf } from '../../../tensor/shape.js';
import { MIN_SIZE, ROWS } from '../costs.js';
import type { FastKernel } from '../fast-kernel.js';
import type { KernelCode } from '../kernel-code.js';
import { FLOAT } from '../sizes.js';
import { LARGEST, type OverAxes, reducedLast } from './axes.js';
import { runCopy } from './copy.js';
import { maximum } from './extreme.js';
import { reduceRows } from './reduce.js';
import { logSoftmaxRows, logsumexpRows, rowScratch, softmaxRows } from './softmax-code.js';
import { scratchFor } from './sum-code.js';
import { GROUP } from './vector-loop.js';

/** What rows take, in nanoseconds, to see whether sharing the work pays. */
interface Cost {
  readonly element: number;
  readonly row: number;
}

/** An op over any axes, by a kernel that gives a row or a number for each row. Axes that are not the last are brought there first. */
const overRows = (
  name: string,
  code: KernelCode,
  result: 'row' | 'number',
  cost: Cost,
): FastKernel<OverAxes> => ({
  name,
  run(runtime, out, [x], { axes }) {
    if (x.size < MIN_SIZE.overAxes || x.size > LARGEST) return false;
    const toRows = transposeCopy(x.shape, reducedLast(x, axes));
    const inPlace = isIdentity(toRows);
    const columns = sizeOf(axes.map((axis) => x.shape[axis]));
    const rows = x.size / columns;
    const from = inPlace ? runtime.operand(x) : runtime.reserve(x.size);
    if (!inPlace) runCopy(runtime, runtime.operand(x), from, toRows);
    const to = runtime.result(out);
    // A row that was copied is replaced by its result.
    const results = inPlace || result === 'number' ? to : from;
    const largest = runtime.reserve(rows);
    reduceRows(runtime, maximum, from, largest, rows, columns);
    const step = FLOAT * columns;
    const outStep = result === 'row' ? step : FLOAT;
    const groups = Math.ceil(columns / GROUP);
    runtime.split(code, rows, 1, rows * (cost.row + groups * GROUP * cost.element), (kernel, start, end) =>
      kernel(
        from + start * step,
        results + start * outStep,
        end - start,
        step,
        runtime.reserve(rowScratch(columns)),
        runtime.reserve(scratchFor(columns)),
        largest + start * FLOAT,
      ),
    );
    if (results !== to) runCopy(runtime, results, to, reversed(toRows));
    runtime.finish(out, to);
    return true;
  },
});

/** e^x / sum(e^x). */
export const fastSoftmax = overRows('softmax', softmaxRows, 'row', ROWS.softmax);

/** x - logsumexp(x). */
export const fastLogSoftmax = overRows('logSoftmax', logSoftmaxRows, 'row', ROWS.logSoftmax);

/** log(sum(e^x)). */
export const fastLogsumexp = overRows('logsumexp', logsumexpRows, 'number', ROWS.logsumexp);
