import * as i32 from '../assembler/i32.js';
import { advance, countUp, type Local, repeatWhile, type Statement, when } from '../assembler/index.js';
import * as v128 from '../assembler/v128.js';
import { kernelCode } from '../kernel-code.js';
import { FLOAT, REGISTER } from '../sizes.js';
import { accumulate, addPairs, BLOCK, clear, lesser } from './sum-code.js';
import { storeFirst } from './vector-loop.js';

/** Columns that are summed side by side, a cache line of each row: what is read is used whole. */
const REGISTERS = 4;
const COLUMNS = (REGISTERS * REGISTER) / FLOAT;
/** Registers of a slot of scratch space. */
export const COLUMN_REGISTERS = REGISTERS;

/** Lanes of `sumTree` in the order in which it adds them: lanes l and l + 4 first, then these results in pairs. */
const LANE_PAIRS = [0, 2, 1, 3] as const;
/** Rows from a row of a lane to its next. */
const LANES = 8;

/**
 * The sum of each column of matrices that follow each other: of `rows` rows, of which `columns` columns from `x` on are summed,
 * `stride` bytes from row to row.
 */
export const sumColumns = kernelCode(
  'sum_columns',
  7,
  ([x, out, matrices, rows, columns, stride, scratch], locals) => {
    const [matrix, next, nextOut, column, at, left, height] = locals.array('i32', 7);
    const [row, pairs, rest, half, turn, slot] = locals.array('i32', 6);
    const [a, b, even, odd] = Array.from({ length: 4 }, () => locals.array('v128', REGISTERS));

    /** Sums the block of `height` rows at `at`, of `n` registers of columns, into the slot. */
    const sumBlock = (n: number): Statement => {
      const each = (f: (i: number) => Statement): Statement => Array.from({ length: n }, (_, i) => f(i));
      const takeRow = (sums: readonly Local<'v128'>[]): Statement => [
        each((i) => accumulate(sums[i], v128.load(row, i * REGISTER))),
      ];
      const lanePair = (lane: number): Statement => {
        const total = lane % 2 === 0 ? even : odd;
        return [
          clear(...a.slice(0, n), ...b.slice(0, n)),
          when(
            i32.gt(height, lane),
            row.set(i32.add(at, i32.mul(stride, lane))),
            // Counted, not compared by address: the row after the last may have no address.
            pairs.set(i32.shrS(i32.add(height, 3 - lane), 3)),
            rest.set(i32.sub(height, i32.add(i32.mul(pairs, LANES), lane))),
            repeatWhile(
              pairs,
              takeRow(a),
              advance(row, half),
              takeRow(b),
              advance(row, half),
              pairs.set(i32.sub(pairs, 1)),
            ),
            when(i32.gt(rest, 0), takeRow(a)),
          ),
          each((i) => accumulate(a[i], b[i])),
          each((i) => (lane < 2 ? total[i].set(a[i]) : accumulate(total[i], a[i]))),
        ];
      };
      return [
        LANE_PAIRS.map(lanePair),
        each((i) => accumulate(even[i], odd[i])),
        each((i) => v128.store(slot, even[i], i * REGISTER)),
        advance(slot, n * REGISTER),
      ];
    };

    /** Sums `n` registers of columns; the sums are left at `scratch`. */
    const sumGroup = (n: number): Statement => [
      at.set(x),
      left.set(rows),
      slot.set(scratch),
      repeatWhile(
        left,
        lesser(height, left, BLOCK),
        left.set(i32.sub(left, height)),
        sumBlock(n),
        advance(at, i32.mul(stride, height)),
      ),
      addPairs(scratch, slot, locals, n),
    ];

    const moveOn = (floats: number): Statement => [
      advance(x, floats * FLOAT),
      advance(out, floats * FLOAT),
      column.set(i32.sub(column, floats)),
    ];
    return [
      half.set(i32.mul(stride, LANES / 2)),
      countUp(
        [matrix, matrices, 1],
        next.set(i32.add(x, i32.mul(stride, rows))),
        nextOut.set(i32.add(out, i32.mul(columns, FLOAT))),
        column.set(columns),
        repeatWhile(
          i32.ge(column, COLUMNS),
          sumGroup(REGISTERS),
          Array.from({ length: REGISTERS }, (_, i) =>
            v128.store(out, v128.load(scratch, i * REGISTER), i * REGISTER),
          ),
          moveOn(COLUMNS),
        ),
        repeatWhile(
          i32.gt(column, 0),
          sumGroup(1),
          turn.set(i32.ge(column, 4)),
          when(turn, v128.store(out, v128.load(scratch))),
          when(i32.eqz(turn), storeFirst(out, column, v128.load(scratch), 1)),
          moveOn(4),
        ),
        x.set(next),
        out.set(nextOut),
      ),
    ];
  },
);
