import type { Tensor } from '../../../tensor/tensor.js';
import { MIN_SIZE } from '../costs.js';
import type { KernelCode } from '../kernel-code.js';
import type { Runtime } from '../runtime.js';
import { FLOAT, LINE } from '../sizes.js';
import { eachMiddle, LARGEST, type Middle, type OverAxes } from './axes.js';

/** How a kernel makes one number of many. */
export interface Reduction {
  /** The result of each row of a matrix: its parameters are x, out, rows, columns, scratch space. */
  readonly rows: KernelCode;
  /** That of each column of matrices that follow each other: x, out, matrices, rows, columns, bytes from row to row, scratch space. */
  readonly columns: KernelCode;
  /** Numbers of scratch space that a kernel needs for results of `length` elements; undefined where it takes none. */
  readonly scratch?: (length: number, by: 'rows' | 'columns') => number;
  /** What an element and a row take, in nanoseconds, to see whether sharing the work pays. */
  readonly element: number;
  readonly row: number;
  /** A row of `long` elements is taken in pieces of `piece`, which threads share, where rows are few. */
  readonly long: number;
  readonly piece: number;
  /** The result of a row from those of its pieces, in order. */
  readonly join: (runtime: Runtime, pieces: number, to: number, count: number) => void;
}

const FEW = 4;

/** The result of each of `rows` rows. */
export function reduceRows(
  runtime: Runtime,
  { rows: code, scratch, element, row }: Reduction,
  from: number,
  to: number,
  rows: number,
  columns: number,
): void {
  const room = scratch?.(columns, 'rows');
  runtime.split(code, rows, 1, rows * (row + columns * element), (kernel, start, end) =>
    kernel(
      from + start * columns * FLOAT,
      to + start * FLOAT,
      end - start,
      columns,
      room === undefined ? 0 : runtime.reserve(room),
    ),
  );
}

/** The result of a long row: of its pieces, and then of their results. */
function reduceLongRow(runtime: Runtime, how: Reduction, from: number, to: number, columns: number): void {
  const whole = Math.floor(columns / how.piece);
  const rest = columns - whole * how.piece;
  const results = runtime.reserve(whole + 1);
  reduceRows(runtime, how, from, results, whole, how.piece);
  if (rest > 0) {
    reduceRows(runtime, how, from + whole * how.piece * FLOAT, results + whole * FLOAT, 1, rest);
  }
  how.join(runtime, results, to, rest > 0 ? whole + 1 : whole);
}

/** The result of each column, of one matrix or of several. */
function reduceColumns(
  runtime: Runtime,
  { columns: code, scratch, element }: Reduction,
  from: number,
  to: number,
  { outer, length, inner }: Middle,
): void {
  const stride = inner * FLOAT;
  const room = scratch?.(length, 'columns');
  const [by, grain] = outer > 1 ? (['rows', 1] as const) : (['columns', LINE] as const);
  const work = outer * length * inner * element;
  runtime.splitGrid(code, [outer, inner], by, grain, work, (kernel, matrix, matrixEnd, column, columnEnd) =>
    kernel(
      from + matrix * length * stride + column * FLOAT,
      to + matrix * stride + column * FLOAT,
      matrixEnd - matrix,
      length,
      columnEnd - column,
      stride,
      room === undefined ? 0 : runtime.reserve(room),
    ),
  );
}

/** Reduces `x` into `out`: the number of elements of which each result is made, or 0 where it declines. */
export function reduceInto(
  runtime: Runtime,
  how: Reduction,
  out: Tensor,
  x: Tensor,
  { axes }: OverAxes,
): number {
  if (x.size < MIN_SIZE.overAxes || x.size > LARGEST) return 0;
  const result = runtime.result(out);
  eachMiddle(runtime, x, axes, (from, { outer, length, inner }, before) => {
    const to = result + before * FLOAT;
    if (inner > 1) reduceColumns(runtime, how, from, to, { outer, length, inner });
    else if (outer >= FEW || length < how.long) reduceRows(runtime, how, from, to, outer, length);
    else {
      for (let row = 0; row < outer; row++) {
        reduceLongRow(runtime, how, from + row * length * FLOAT, to + row * FLOAT, length);
      }
    }
  });
  runtime.finish(out, result);
  return x.size / out.size;
}
