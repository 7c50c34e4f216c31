import type { Local, Statement, V128 } from '../assembler/index.js';
import { countUp, f32, f32x4, i32, repeatWhile, v128, when } from '../assembler/index.js';
import { kernelCode } from '../kernel-code.js';
import { accumulate, addPairs, advance, BLOCK, clear, FLOAT, lesser, REGISTER } from './sum-code.js';

/** Columns that are summed side by side, a cache line of each row: what is read is used whole. */
const REGISTERS = 4;
export const COLUMNS = (REGISTERS * REGISTER) / FLOAT;
/** Registers of a slot of scratch space. */
export const COLUMN_REGISTERS = REGISTERS;

/** Lanes of `sumTree` in the order in which it adds them: lanes l and l + 4 first, then these results in pairs. */
const LANE_PAIRS = [0, 2, 1, 3] as const;
/** Rows from a row of a lane to its next. */
const LANES = 8;

/** The first `left` of the four lanes, at most three. */
const storeFirst = (out: Local<'i32'>, left: Local<'i32'>, sum: V128): Statement =>
  [0, 1, 2].flatMap((lane) =>
    when(i32.gt(left.get, i32.const(lane)), f32.store(out.get, f32x4.extractLane(sum, lane), lane * FLOAT)),
  );

/**
 * The sum of each column of matrices that follow each other: of `rows` rows, of which `columns` columns from `x` on are summed,
 * `stride` bytes from row to row.
 */
export const sumColumns = kernelCode({
  name: 'sum_columns',
  parameters: {
    x: 'i32',
    out: 'i32',
    matrices: 'i32',
    rows: 'i32',
    columns: 'i32',
    stride: 'i32',
    scratch: 'i32',
  },
  body: ({ x, out, matrices, rows, columns, stride, scratch }, locals) => {
    const [matrix, next, nextOut, column, at, left, height] = locals.array('i32', 7);
    const [row, pairs, rest, half, turn, slot] = locals.array('i32', 6);
    const [a, b, even, odd] = Array.from({ length: 4 }, () => locals.array('v128', REGISTERS));

    /** Sums the block of `height` rows at `at`, of `n` registers of columns, into the slot. */
    const sumBlock = (n: number): Statement => {
      const each = (f: (i: number) => Statement): Statement =>
        Array.from({ length: n }, (_, i) => f(i)).flat();
      const takeRow = (sums: readonly Local<'v128'>[]): Statement => [
        ...each((i) => accumulate(sums[i], v128.load(row.get, i * REGISTER))),
      ];
      const lanePair = (lane: number): Statement => {
        const total = lane % 2 === 0 ? even : odd;
        return [
          ...clear(...a.slice(0, n), ...b.slice(0, n)),
          ...when(
            i32.gt(height.get, i32.const(lane)),
            row.set(i32.add(at.get, i32.mul(stride.get, i32.const(lane)))),
            // Counted, not compared by address: the row after the last may have no address.
            pairs.set(i32.shrS(i32.add(height.get, i32.const(3 - lane)), i32.const(3))),
            rest.set(i32.sub(height.get, i32.add(i32.mul(pairs.get, i32.const(LANES)), i32.const(lane)))),
            repeatWhile(
              pairs.get,
              takeRow(a),
              advance(row, half.get),
              takeRow(b),
              advance(row, half.get),
              pairs.set(i32.sub(pairs.get, i32.const(1))),
            ),
            when(i32.gt(rest.get, i32.const(0)), takeRow(a)),
          ),
          ...each((i) => accumulate(a[i], b[i].get)),
          ...each((i) => (lane < 2 ? total[i].set(a[i].get) : accumulate(total[i], a[i].get))),
        ];
      };
      return [
        ...LANE_PAIRS.flatMap(lanePair),
        ...each((i) => accumulate(even[i], odd[i].get)),
        ...each((i) => v128.store(slot.get, even[i].get, i * REGISTER)),
        ...advance(slot, i32.const(n * REGISTER)),
      ];
    };

    /** Sums `n` registers of columns; the sums are left at `scratch`. */
    const sumGroup = (n: number): Statement => [
      ...at.set(x.get),
      ...left.set(rows.get),
      ...slot.set(scratch.get),
      ...repeatWhile(
        left.get,
        lesser(height, left.get, i32.const(BLOCK)),
        left.set(i32.sub(left.get, height.get)),
        sumBlock(n),
        at.set(i32.add(at.get, i32.mul(stride.get, height.get))),
      ),
      ...addPairs(scratch, slot, locals, n),
    ];

    const moveOn = (floats: number): Statement => [
      ...advance(x, i32.const(floats * FLOAT)),
      ...advance(out, i32.const(floats * FLOAT)),
      ...column.set(i32.sub(column.get, i32.const(floats))),
    ];
    return [
      half.set(i32.mul(stride.get, i32.const(LANES / 2))),
      countUp(
        matrix,
        matrices.get,
        1,
        next.set(i32.add(x.get, i32.mul(stride.get, rows.get))),
        nextOut.set(i32.add(out.get, i32.mul(columns.get, i32.const(FLOAT)))),
        column.set(columns.get),
        repeatWhile(
          i32.ge(column.get, i32.const(COLUMNS)),
          sumGroup(REGISTERS),
          Array.from({ length: REGISTERS }, (_, i) =>
            v128.store(out.get, v128.load(scratch.get, i * REGISTER), i * REGISTER),
          ).flat(),
          moveOn(COLUMNS),
        ),
        repeatWhile(
          i32.gt(column.get, i32.const(0)),
          sumGroup(1),
          turn.set(i32.ge(column.get, i32.const(4))),
          when(turn.get, v128.store(out.get, v128.load(scratch.get))),
          when(i32.eqz(turn.get), storeFirst(out, column, v128.load(scratch.get))),
          moveOn(4),
        ),
        x.set(next.get),
        out.set(nextOut.get),
      ),
    ];
  },
});
