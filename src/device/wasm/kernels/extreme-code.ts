import * as f32 from '../assembler/f32.js';
import * as f32x4 from '../assembler/f32x4.js';
import * as i32 from '../assembler/i32.js';
import {
  advance,
  countUp,
  type Local,
  type Register,
  repeatWhile,
  type Statement,
  type V128,
  when,
} from '../assembler/index.js';
import * as v128 from '../assembler/v128.js';
import { type KernelCode, kernelCode } from '../kernel-code.js';
import { FLOAT, REGISTER } from '../sizes.js';
import { clear, lesser } from './sum-code.js';
import { storeFirst } from './vector-loop.js';

/** The largest or the smallest of numbers: the first of equal ones, which gives a zero its sign; NaN if any is. */
export interface Extreme {
  readonly name: string;
  /** The extreme of nothing. */
  readonly start: number;
  /** The second where it is beyond the first: a NaN in the first stays, one in the second is lost. */
  readonly pick: (a: Register, b: Register) => V128;
}

export const MAX: Extreme = { name: 'max', start: Number.NEGATIVE_INFINITY, pick: f32x4.pmax };
export const MIN: Extreme = { name: 'min', start: Number.POSITIVE_INFINITY, pick: f32x4.pmin };

const REGISTERS = 4;
/** Numbers taken in one turn: a cache line. */
const STRIP = (REGISTERS * REGISTER) / FLOAT;
/** Rows read side by side. */
const BLOCK = 8;

/** Extremes under way: `pick` loses a NaN of what it takes, so that they are gathered beside it. */
const gather =
  ({ pick }: Extreme, nan: Local<'v128'>, x: Local<'v128'>) =>
  (extreme: Local<'v128'>, value: V128): Statement => [
    x.set(value),
    extreme.set(pick(extreme, x)),
    nan.set(v128.or(nan, f32x4.ne(x, x))),
  ];

/** The extreme of each row of a matrix: its parameters are the matrix, the results, and the numbers of rows and columns. */
export const extremeRows = (kind: Extreme): KernelCode =>
  kernelCode(`${kind.name}_rows`, 4, ([x, out, rows, columns], locals) => {
    const [row, start, end, whole] = locals.array('i32', 4);
    const extremes = locals.array('v128', REGISTERS);
    const [nan, value, other] = locals.array('v128', 3);
    const take = gather(kind, nan, value);
    const [first, ...others] = extremes;
    const lane = (index: number) => f32x4.extractLane(first, index);
    const fold = (lanes: readonly [number, number, number, number]): Statement => [
      other.set(v128.shuffle(first, first, lanes)),
      first.set(v128.or(kind.pick(first, other), f32x4.ne(other, other))),
    ];
    const turn = (registers: number): Statement => [
      whole.set(i32.add(x, i32.and(i32.sub(end, x), -registers * REGISTER))),
      countUp(
        [x, whole, registers * REGISTER],
        extremes.slice(0, registers).map((extreme, i) => take(extreme, v128.load(x, i * REGISTER))),
      ),
    ];
    return [
      countUp(
        [row, rows, 1],
        start.set(x),
        end.set(i32.add(x, i32.mul(columns, FLOAT))),
        extremes.map((extreme) => extreme.set(f32x4.all(kind.start))),
        clear(nan),
        turn(REGISTERS),
        turn(1),
        repeatWhile(i32.lt(x, end), take(first, v128.load32Splat(x)), advance(x, FLOAT)),
        others.map((extreme) => first.set(kind.pick(first, extreme))),
        first.set(v128.or(first, nan)),
        fold([2, 3, 0, 1]),
        fold([1, 0, 3, 2]),
        // Which zero comes first has been forgotten.
        when(
          i32.eqz(f32.ne(lane(0), f32.const(0))),
          repeatWhile(f32.ne(f32.load(start), lane(0)), advance(start, FLOAT)),
          first.set(v128.load32Splat(start)),
        ),
        f32.store(out, lane(0)),
        advance(out, FLOAT),
      ),
    ];
  });

/**
 * The extreme of each column of matrices that follow each other: of `rows` rows, of which `columns` columns from `x` on are taken,
 * `stride` bytes from row to row. Some rows at a time go into the results: rows are read along, not across.
 */
export const extremeColumns = (kind: Extreme): KernelCode =>
  kernelCode(`${kind.name}_columns`, 6, ([x, out, matrices, rows, columns, stride], locals) => {
    const [matrix, block, left, height, row, at, to, column, turn] = locals.array('i32', 9);
    const extremes = locals.array('v128', REGISTERS);
    const value = locals.new('v128');
    const nans = locals.array('v128', REGISTERS);

    /** The extremes of `registers` registers of columns over the block's rows are left in `extremes`. */
    const strip = (registers: number): Statement => {
      const own = extremes.slice(0, registers);
      return [
        // The first block begins from nothing.
        own.map((extreme, i) => extreme.set(v128.load(to, i * REGISTER))),
        when(
          i32.eq(left, rows),
          own.map((extreme) => extreme.set(f32x4.all(kind.start))),
        ),
        clear(...nans.slice(0, registers)),
        at.set(i32.add(block, i32.mul(column, FLOAT))),
        row.set(height),
        repeatWhile(
          row,
          own.map((extreme, i) => gather(kind, nans[i], value)(extreme, v128.load(at, i * REGISTER))),
          advance(at, stride),
          advance(row, -1),
        ),
        own.map((extreme, i) => extreme.set(v128.or(extreme, nans[i]))),
      ];
    };
    const next = (registers: number): Statement => [
      advance(to, registers * REGISTER),
      advance(column, (registers * REGISTER) / FLOAT),
      turn.set(i32.sub(columns, column)),
    ];
    return [
      countUp(
        [matrix, matrices, 1],
        left.set(rows),
        block.set(x),
        repeatWhile(
          left,
          lesser(height, left, BLOCK),
          // A few columns stay in registers over all rows.
          when(i32.lt(columns, STRIP + 1), height.set(left)),
          column.set(0),
          to.set(out),
          turn.set(columns),
          repeatWhile(
            i32.ge(turn, STRIP),
            strip(REGISTERS),
            extremes.map((extreme, i) => v128.store(to, extreme, i * REGISTER)),
            next(REGISTERS),
          ),
          repeatWhile(i32.ge(turn, 4), strip(1), v128.store(to, extremes[0]), next(1)),
          when(i32.gt(turn, 0), strip(1), storeFirst(to, turn, extremes[0], 1)),
          advance(block, i32.mul(stride, height)),
          left.set(i32.sub(left, height)),
        ),
        advance(x, i32.mul(stride, rows)),
        advance(out, i32.mul(columns, FLOAT)),
      ),
    ];
  });
