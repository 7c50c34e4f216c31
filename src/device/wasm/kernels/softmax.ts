import type { FastKernel } from '../fast-kernel.js';
import type { KernelCode } from '../kernel-code.js';
import { FLOAT } from '../sizes.js';
import { logSoftmaxRows, logsumexpRows, maxRows, rowScratch, softmaxRows } from './softmax-code.js';
import { asMiddle, LARGEST, type OverAxes } from './sum.js';
import { scratchFor } from './sum-code.js';
import { GROUP } from './vector-loop.js';

/** Below this, in elements, a loop in TypeScript is as quick. */
const SMALLEST = 16;

/** What rows take, in nanoseconds, to see whether sharing the work pays. */
interface Cost {
  readonly element: number;
  readonly row: number;
}

/** An op over the last axes, by a kernel that gives a row or a number for each row. */
const overRows = (
  name: string,
  code: KernelCode,
  result: 'row' | 'number',
  cost: Cost,
): FastKernel<OverAxes> => ({
  name,
  run(runtime, out, [x], { axes }) {
    if (x.size < SMALLEST || x.size > LARGEST) return false;
    const middle = asMiddle(x.shape, axes);
    if (!middle || middle.inner > 1) return false;
    const { outer: rows, length: columns } = middle;
    const from = runtime.operand(x);
    const to = runtime.result(out);
    const step = FLOAT * columns;
    const outStep = result === 'row' ? step : FLOAT;
    const groups = Math.ceil(columns / GROUP);
    runtime.split(code, rows, 1, rows * (cost.row + groups * GROUP * cost.element), (kernel, start, end) =>
      kernel(
        from + start * step,
        to + start * outStep,
        end - start,
        step,
        runtime.reserve(rowScratch(columns)),
        runtime.reserve(scratchFor(columns)),
      ),
    );
    runtime.finish(out, to);
    return true;
  },
});

/** e^x / sum(e^x). */
export const fastSoftmax = overRows('softmax', softmaxRows, 'row', { element: 3, row: 30 });

/** x - logsumexp(x). */
export const fastLogSoftmax = overRows('logSoftmax', logSoftmaxRows, 'row', { element: 3, row: 80 });

/** log(sum(e^x)). */
export const fastLogsumexp = overRows('logsumexp', logsumexpRows, 'number', { element: 2.7, row: 80 });

/** The largest element. */
export const fastMax = overRows('max', maxRows, 'number', { element: 0.4, row: 15 });
