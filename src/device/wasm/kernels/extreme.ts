import { MIN_SIZE } from '../costs.js';
import type { FastKernel } from '../fast-kernel.js';
import type { KernelCode } from '../kernel-code.js';
import type { Runtime } from '../runtime.js';
import { FLOAT } from '../sizes.js';
import { LARGEST, type OverAxes, placeMiddle } from './axes.js';
import { type Extreme, extremeColumns, extremeRows, MAX, MIN, STRIP } from './extreme-code.js';

/** What an element and a row take, in nanoseconds, to see whether sharing the work pays. */
const ELEMENT = 0.2;
const ROW = 10;
/** Rows twice as long are taken in pieces, which threads share, where they are few. */
const PIECE = 2 ** 14;
const FEW = 4;

/** The extreme of each of `rows` rows. */
export function runExtremes(
  runtime: Runtime,
  code: KernelCode,
  from: number,
  to: number,
  rows: number,
  columns: number,
): void {
  runtime.split(code, rows, 1, rows * (ROW + columns * ELEMENT), (kernel, start, end) =>
    kernel(from + start * columns * FLOAT, to + start * FLOAT, end - start, columns),
  );
}

/** The extreme of a long row: of its pieces, and then of their extremes, in order. */
function runLongRow(runtime: Runtime, code: KernelCode, from: number, to: number, columns: number): void {
  const pieces = Math.floor(columns / PIECE);
  const rest = columns - pieces * PIECE;
  const extremes = runtime.reserve(pieces + 1);
  runExtremes(runtime, code, from, extremes, pieces, PIECE);
  if (rest > 0) runExtremes(runtime, code, from + pieces * PIECE * FLOAT, extremes + pieces * FLOAT, 1, rest);
  runExtremes(runtime, code, extremes, to, 1, rest > 0 ? pieces + 1 : pieces);
}

/** The extreme of each column, of one matrix or of several. */
function runColumns(
  runtime: Runtime,
  code: KernelCode,
  from: number,
  to: number,
  [outer, length, inner]: readonly [number, number, number],
): void {
  const stride = inner * FLOAT;
  const work = outer * length * inner * ELEMENT;
  if (outer === 1) {
    runtime.split(code, inner, STRIP, work, (kernel, start, end) =>
      kernel(from + start * FLOAT, to + start * FLOAT, 1, length, end - start, stride),
    );
  } else {
    runtime.split(code, outer, 1, work, (kernel, start, end) =>
      kernel(from + start * length * stride, to + start * stride, end - start, length, inner, stride),
    );
  }
}

/** The largest or smallest element over any axes. */
function fastExtreme(extreme: Extreme, rows: KernelCode): FastKernel<OverAxes> {
  const columns = extremeColumns(extreme);
  return {
    name: extreme.name,
    run(runtime, out, [x], { axes }) {
      if (x.size < MIN_SIZE.overAxes || x.size > LARGEST) return false;
      const { from, outer, length, inner } = placeMiddle(runtime, x, axes);
      const to = runtime.result(out);
      if (inner > 1) runColumns(runtime, columns, from, to, [outer, length, inner]);
      else if (outer >= FEW || length < 2 * PIECE) runExtremes(runtime, rows, from, to, outer, length);
      else {
        for (let row = 0; row < outer; row++) {
          runLongRow(runtime, rows, from + row * length * FLOAT, to + row * FLOAT, length);
        }
      }
      runtime.finish(out, to);
      return true;
    },
  };
}

/** The largest element of each row. */
export const maxRows = extremeRows(MAX);

export const fastMax = fastExtreme(MAX, maxRows);
export const fastMin = fastExtreme(MIN, extremeRows(MIN));
