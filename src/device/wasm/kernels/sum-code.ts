import * as f32 from '../assembler/f32.js';
import * as f32x4 from '../assembler/f32x4.js';
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
  when,
} from '../assembler/index.js';
import * as v128 from '../assembler/v128.js';
import { kernelCode } from '../kernel-code.js';
import { FLOAT, REGISTER } from '../sizes.js';

/** Lanes of a sum, and elements of a block: see `sumTree`, which defines the order of all additions here. */
const LANES = 8;
export const BLOCK = 1024;

/**
 * Numbers of scratch space that sums of `length` elements need: a slot of one register (or of `registers`) for each block,
 * one that makes their number even, and one more for the lanes of a last block that ends within a register.
 */
export const scratchFor = (length: number, registers = 1): number =>
  (REGISTER / FLOAT) * registers * (Math.ceil(length / BLOCK) + 2);

export const accumulate = (sum: Local<'v128'>, x: V128): Statement => sum.set(f32x4.add(sum, x));
export const clear = (...sums: readonly Local<'v128'>[]): Statement => sums.map((s) => s.set(v128.zero));

/** The lesser of two integers. */
export const lesser = (out: Local<'i32'>, a: Integer, b: Integer): Statement => [
  out.set(a),
  when(i32.gt(out, b), out.set(b)),
];

/**
 * Adds the slots of `registers` each from `sums` up to `end` in neighbouring pairs until one is left. An odd number of them is
 * made even with a zero, which changes nothing: a sum that began from +0 is never -0.
 */
export function addPairs(sums: Local<'i32'>, end: Local<'i32'>, locals: Locals, registers = 1): Statement {
  const [from, to] = locals.array('i32', 2);
  const slot = registers * REGISTER;
  const offsets = Array.from({ length: registers }, (_, i) => i * REGISTER);
  return repeatWhile(
    i32.gt(i32.sub(end, sums), slot),
    offsets.map((offset) => v128.store(end, v128.zero, offset)),
    from.set(sums),
    to.set(sums),
    countUp(
      [from, end, 2 * slot],
      offsets.map((offset) =>
        v128.store(to, f32x4.add(v128.load(from, offset), v128.load(from, slot + offset)), offset),
      ),
      advance(to, slot),
    ),
    end.set(to),
  );
}

/** The sum of each row of a matrix. */
export const sumRows = kernelCode('sum_rows', 5, ([x, out, rows, columns, scratch], locals) => {
  const [row, rowEnd, blockEnd, whole, slot, lane] = locals.array('i32', 6);
  const [low, high] = locals.array('v128', 2);
  const part = (index: number) => f32x4.extractLane(low, index);
  return [
    countUp(
      [row, rows, 1],
      rowEnd.set(i32.add(x, i32.mul(columns, FLOAT))),
      slot.set(scratch),
      repeatWhile(
        i32.lt(x, rowEnd),
        lesser(blockEnd, i32.add(x, BLOCK * FLOAT), rowEnd),
        whole.set(i32.add(x, i32.and(i32.sub(blockEnd, x), -LANES * FLOAT))),
        clear(low, high),
        countUp(
          [x, whole, LANES * FLOAT],
          accumulate(low, v128.load(x)),
          accumulate(high, v128.load(x, REGISTER)),
        ),
        when(
          i32.lt(x, blockEnd),
          v128.store(slot, low),
          v128.store(slot, high, REGISTER),
          lane.set(slot),
          countUp(
            [x, blockEnd, FLOAT],
            f32.store(lane, f32.add(f32.load(lane), f32.load(x))),
            advance(lane, FLOAT),
          ),
          low.set(v128.load(slot)),
          high.set(v128.load(slot, REGISTER)),
        ),
        accumulate(low, high),
        v128.store(slot, f32x4.splat(f32.add(f32.add(part(0), part(2)), f32.add(part(1), part(3))))),
        advance(slot, REGISTER),
      ),
      addPairs(scratch, slot, locals),
      f32.store(out, f32.load(scratch)),
      advance(out, FLOAT),
    ),
  ];
});
