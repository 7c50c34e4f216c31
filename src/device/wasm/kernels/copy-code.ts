import * as f32 from '../assembler/f32.js';
import * as i32 from '../assembler/i32.js';
import {
  advance,
  countUp,
  type Integer,
  type Local,
  type Locals,
  repeatWhile,
  type Statement,
  type V128,
} from '../assembler/index.js';
import * as v128 from '../assembler/v128.js';
import { type KernelCode, kernelCode } from '../kernel-code.js';
import { FLOAT, REGISTER } from '../sizes.js';
import { transpose4 } from './matmul/transpose.js';
import { lesser } from './sum-code.js';

/** Dimensions of a copy that one call of a kernel walks. */
export const DEPTH = 4;

/** A dimension as a kernel takes it: its size, and the steps along it in source and target, in bytes. */
interface Level {
  readonly size: Local<'i32'>;
  readonly from: Local<'i32'>;
  readonly to: Local<'i32'>;
}

/** What a kernel does with its innermost dimensions, from two addresses on; both may be changed. */
type Innermost = (
  source: Local<'i32'>,
  target: Local<'i32'>,
  levels: readonly Level[],
  locals: Locals,
) => Statement;

/** A loop over the outer levels around what `innermost` does with the last `count` of them. */
function nest(
  source: Local<'i32'>,
  target: Local<'i32'>,
  levels: readonly Level[],
  locals: Locals,
  count: number,
  innermost: Innermost,
): Statement {
  const [from, to, left] = locals.array('i32', 3);
  const begin = [from.set(source), to.set(target)];
  if (levels.length === count) return [begin, innermost(from, to, levels, locals)];
  const [level, ...inner] = levels;
  return [
    begin,
    left.set(level.size),
    repeatWhile(
      left,
      nest(from, to, inner, locals, count, innermost),
      advance(from, level.from),
      advance(to, level.to),
      advance(left, -1),
    ),
  ];
}

/** A kernel of the parameters source, target, and {@link DEPTH} levels of three, the outermost first. */
const copyKernel = (name: string, count: number, innermost: Innermost): KernelCode =>
  kernelCode(name, 2 + 3 * DEPTH, ([source, target, ...rest], locals) => {
    const levels = Array.from({ length: DEPTH }, (_, d) => {
      const [size, from, to] = rest.slice(3 * d, 3 * d + 3);
      return { size, from, to };
    });
    return [nest(source, target, levels, locals, count, innermost)];
  });

/** Stores `left` numbers from `target` on: four registers, one register, or one number at a time. */
export function storeRun(
  left: Local<'i32'>,
  target: Local<'i32'>,
  vector: (offset: number) => V128,
  single: Statement,
  moved: (bytes: number) => Statement,
): Statement {
  const vectors = (count: number): Statement => [
    repeatWhile(
      i32.ge(left, (count * REGISTER) / FLOAT),
      Array.from({ length: count }, (_, i) => v128.store(target, vector(i * REGISTER), i * REGISTER)),
      moved(count * REGISTER),
      advance(left, (-count * REGISTER) / FLOAT),
    ),
  ];
  return [vectors(4), vectors(1), repeatWhile(left, single, moved(FLOAT), advance(left, -1))];
}

/** Both arrays are contiguous along the innermost dimension. */
export const copyRuns = copyKernel('copy_runs', 1, (source, target, [{ size }], locals) => {
  const left = locals.new('i32');
  return [
    left.set(size),
    storeRun(
      left,
      target,
      (offset) => v128.load(source, offset),
      f32.store(target, f32.load(source)),
      (bytes) => [advance(source, bytes), advance(target, bytes)],
    ),
  ];
});

/** The innermost dimension repeats one number. */
export const copySplats = copyKernel('copy_splats', 1, (source, target, [{ size }], locals) => {
  const left = locals.new('i32');
  const value = locals.new('v128');
  return [
    left.set(size),
    value.set(v128.load32Splat(source)),
    storeRun(
      left,
      target,
      () => value,
      f32.store(target, f32.load(source)),
      (bytes) => advance(target, bytes),
    ),
  ];
});

/** Any steps. */
export const copySingles = copyKernel('copy_singles', 1, (source, target, [level], locals) => {
  const left = locals.new('i32');
  const single = [
    f32.store(target, f32.load(source)),
    advance(source, level.from),
    advance(target, level.to),
  ];
  return [
    left.set(level.size),
    repeatWhile(i32.ge(left, 4), single, single, single, single, advance(left, -4)),
    repeatWhile(left, single, advance(left, -1)),
  ];
});

/** Registers along a row of the source that are transposed together: a cache line is read whole. */
const WIDE = 4;

/**
 * The source is contiguous along the first of the two innermost dimensions, the target along the second; both are of 4 or more.
 * Squares of 4 by 4 are transposed. The last ones are moved back to end with the dimension, and write some numbers again: where
 * a thread's part is shorter than 4, those of the part before.
 */
export const copySquares = copyKernel('copy_squares', 2, (source, target, [rows, columns], locals) => {
  const [row, column, to] = locals.array('i32', 3);
  const lines = locals.array('i32', 4);
  const square = locals.array('v128', 4);
  const { statements, result } = transpose4(square, locals);
  const last = (at: Local<'i32'>, size: Integer, width: number): Statement =>
    lesser(at, at, i32.sub(size, width));

  /** Rows of the target from `row` on, four for each register of the source. */
  const strip = (registers: number): Statement => [
    column.set(0),
    countUp(
      [column, columns.size, 4],
      last(column, columns.size, 4),
      lines.map((line, i) =>
        line.set(
          i === 0
            ? i32.add(i32.add(source, i32.mul(row, FLOAT)), i32.mul(column, columns.from))
            : i32.add(lines[i - 1], columns.from),
        ),
      ),
      to.set(i32.add(i32.add(target, i32.mul(row, rows.to)), i32.mul(column, FLOAT))),
      Array.from({ length: registers }, (_, r) => [
        lines.map((line, i) => square[i].set(v128.load(line, r * REGISTER))),
        statements,
        result.map((value) => [v128.store(to, value), advance(to, rows.to)]),
      ]),
    ),
  ];
  return [
    row.set(0),
    repeatWhile(i32.ge(i32.sub(rows.size, row), 4 * WIDE), strip(WIDE), advance(row, 4 * WIDE)),
    repeatWhile(i32.lt(row, rows.size), last(row, rows.size, 4), strip(1), advance(row, 4)),
  ];
});
