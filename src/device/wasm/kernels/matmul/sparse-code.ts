import * as f32 from '../../assembler/f32.js';
import * as i32 from '../../assembler/i32.js';
import {
  advance,
  countUp,
  type Integer,
  type Local,
  type Locals,
  repeatWhile,
  type Statement,
  when,
} from '../../assembler/index.js';
import * as v128 from '../../assembler/v128.js';
import { type KernelCode, kernelCode } from '../../kernel-code.js';
import { FLOAT, REGISTER } from '../../sizes.js';
import { finishSums, type MultiplyAdd } from './epilogue.js';
import { ENTRY } from './non-zeros.js';
import { transpose4 } from './transpose.js';

/** Columns of the dense operand whose sums stay in registers while a row's factors run. */
const VECTORS = 8;
export const SPARSE_COLUMNS = 4 * VECTORS;
const ROW = SPARSE_COLUMNS * FLOAT;
/** Rows put together before they are stored transposed. */
const SQUARE = 4;
/** Bytes of scratch space a part needs. */
export const SPARSE_SPARE = SQUARE * ROW;

/** The code of a kernel while it goes through the rows of one panel. */
interface Rows {
  /** The current row, of `rows`. */
  readonly i: Local<'i32'>;
  readonly rows: Local<'i32'>;
  /** Sums of the row at hand, from +0 in the order of its list: factors that are zero would not change them. */
  readonly sums: readonly Local<'v128'>[];
  /** Computes them, and goes to the list of the next row. */
  readonly sumRow: Statement;
  /** Where the result of the row goes, and the step from row to row of c. */
  readonly to: Local<'i32'>;
  readonly cStep: Local<'i32'>;
  /** Columns that are left, those of this panel included. */
  readonly columns: Local<'i32'>;
  readonly spare: Local<'i32'>;
  readonly bias: Local<'i32'>;
  readonly relu: Local<'i32'>;
}

/** What a kernel does with its rows, and how it goes from one panel's part of c to the next one's. */
interface Way {
  readonly step: number;
  readonly each: Statement;
  readonly next: Integer;
}

/**
 * A kernel with these parameters: the sparse operand's lists, as `gatherNonZeros` makes them, the step from one to the next, and
 * their ends; the dense operand's panels of 32 columns, and their size in bytes; c and its step; rows and columns of the
 * product; scratch space; bias and relu, as {@link finishSums} takes them.
 */
const sparseKernel = (
  name: string,
  multiplyAdd: MultiplyAdd,
  way: (rows: Rows, locals: Locals) => Way,
): KernelCode =>
  kernelCode(
    name,
    12,
    ([lists, listStep, listEnds, panels, panelBytes, c, cStep, rows, columns, spare, bias, relu], locals) => {
      const [i, start, list, end, ends, to, at] = locals.array('i32', 7);
      const sums = locals.array('v128', VECTORS);
      const factor = locals.new('v128');
      const sumRow = [
        list.set(start),
        end.set(i32.load(ends)),
        sums.map((sum) => sum.set(v128.zero)),
        countUp(
          [list, end, ENTRY],
          at.set(i32.add(panels, i32.load(list))),
          factor.set(v128.load32Splat(list, FLOAT)),
          sums.map((sum, v) => sum.set(multiplyAdd(factor, v128.load(at, v * REGISTER), sum))),
        ),
        advance(start, listStep),
        advance(ends, FLOAT),
      ];
      const { step, each, next } = way(
        { i, rows, sums, sumRow, to, cStep, columns, spare, bias, relu },
        locals,
      );
      return [
        repeatWhile(
          i32.gt(columns, 0),
          i.set(0),
          start.set(lists),
          ends.set(listEnds),
          to.set(c),
          countUp([i, rows, step], each),
          advance(panels, panelBytes),
          advance(c, next),
          when(bias, advance(bias, ROW)),
          advance(columns, -SPARSE_COLUMNS),
        ),
      ];
    },
  );

/** c = sparse · dense, with bias and activation. Columns past the last one of c are left out. */
export const sparseCode = (multiplyAdd: MultiplyAdd): KernelCode =>
  sparseKernel(
    'sparseProduct',
    multiplyAdd,
    ({ sums, sumRow, to, cStep, columns, spare, bias, relu }, locals) => {
      const column = locals.new('i32');
      const store = (at: Local<'i32'>) => sums.map((sum, v) => v128.store(at, sum, v * REGISTER));
      const each = [
        sumRow,
        finishSums([sums], bias, relu),
        when(i32.ge(columns, SPARSE_COLUMNS), store(to)),
        when(
          i32.lt(columns, SPARSE_COLUMNS),
          store(spare),
          column.set(0),
          countUp(
            [column, i32.mul(columns, FLOAT), FLOAT],
            f32.store(i32.add(to, column), f32.load(i32.add(spare, column))),
          ),
        ),
        advance(to, cStep),
      ];
      return { step: 1, each, next: ROW };
    },
  );

/**
 * The same product stored transposed: row i of sparse · dense is column i of c. Four rows at a time, so that vectors are
 * stored. It takes neither bias nor activation.
 */
export const sparseTransposedCode = (multiplyAdd: MultiplyAdd): KernelCode =>
  sparseKernel(
    'sparseProductTransposed',
    multiplyAdd,
    ({ i, rows, sums, sumRow, to, cStep, columns, spare }, locals) => {
      const [row, from, column, place] = locals.array('i32', 4);
      const square = locals.array('v128', SQUARE);
      const { statements: transpose, result } = transpose4(square, locals);
      const whole = i32.and(i32.ge(columns, SPARSE_COLUMNS), i32.eq(row, SQUARE));
      const each = [
        row.set(0),
        from.set(spare),
        repeatWhile(
          i32.and(i32.lt(row, SQUARE), i32.lt(i32.add(i, row), rows)),
          sumRow,
          sums.map((sum, v) => v128.store(from, sum, v * REGISTER)),
          advance(from, ROW),
          advance(row, 1),
        ),
        place.set(to),
        when(
          whole,
          from.set(spare),
          column.set(0),
          countUp(
            [column, VECTORS, 1],
            square.map((line, q) => line.set(v128.load(from, q * ROW))),
            transpose,
            result.map((line) => [v128.store(place, line), advance(place, cStep)]),
            advance(from, REGISTER),
          ),
        ),
        when(
          i32.eqz(whole),
          repeatWhile(
            i32.gt(row, 0),
            advance(row, -1),
            from.set(i32.add(spare, i32.mul(row, ROW))),
            place.set(i32.add(to, i32.mul(row, FLOAT))),
            column.set(0),
            repeatWhile(
              i32.and(i32.lt(column, columns), i32.lt(column, SPARSE_COLUMNS)),
              f32.store(place, f32.load(from)),
              advance(place, cStep),
              advance(from, FLOAT),
              advance(column, 1),
            ),
          ),
        ),
        advance(to, SQUARE * FLOAT),
      ];
      return { step: SQUARE, each, next: i32.mul(cStep, SPARSE_COLUMNS) };
    },
  );
