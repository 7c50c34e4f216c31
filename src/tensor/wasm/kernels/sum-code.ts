import type { I32, Local, Locals, Statement, V128 } from '../assembler/index.js';
import { countUp, f32, f32x4, i32, repeatWhile, v128, when } from '../assembler/index.js';
import { kernelCode } from '../kernel-code.js';

/** Lanes of a sum, and elements of a block: see `sumTree`, which defines the order of all additions here. */
const LANES = 8;
export const BLOCK = 1024;

export const FLOAT = 4;
export const REGISTER = 16;

/**
 * Numbers of scratch space that sums of `length` elements need: a slot of one register (or of `registers`) for each block,
 * one that makes their number even, and one more for the lanes of a last block that ends within a register.
 */
export const scratchFor = (length: number, registers = 1): number =>
  (REGISTER / FLOAT) * registers * (Math.ceil(length / BLOCK) + 2);

export const advance = (pointer: Local<'i32'>, bytes: I32): Statement =>
  pointer.set(i32.add(pointer.get, bytes));
export const accumulate = (sum: Local<'v128'>, x: V128): Statement => sum.set(f32x4.add(sum.get, x));
export const clear = (...sums: readonly Local<'v128'>[]): Statement =>
  sums.flatMap((s) => s.set(f32x4.const(0)));

/** The lesser of two integers. */
export const lesser = (out: Local<'i32'>, a: I32, b: I32): Statement => [
  ...out.set(a),
  ...when(i32.gt(out.get, b), out.set(b)),
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
    i32.gt(i32.sub(end.get, sums.get), i32.const(slot)),
    ...offsets.map((offset) => v128.store(end.get, f32x4.const(0), offset)),
    from.set(sums.get),
    to.set(sums.get),
    repeatWhile(
      i32.lt(from.get, end.get),
      ...offsets.map((offset) =>
        v128.store(
          to.get,
          f32x4.add(v128.load(from.get, offset), v128.load(from.get, slot + offset)),
          offset,
        ),
      ),
      advance(from, i32.const(2 * slot)),
      advance(to, i32.const(slot)),
    ),
    end.set(to.get),
  );
}

/** The sum of each row of a matrix. */
export const sumRows = kernelCode({
  name: 'sum_rows',
  parameters: { x: 'i32', out: 'i32', rows: 'i32', columns: 'i32', scratch: 'i32' },
  body: ({ x, out, rows, columns, scratch }, locals) => {
    const [row, rowEnd, blockEnd, whole, slot, lane] = locals.array('i32', 6);
    const [low, high] = locals.array('v128', 2);
    const part = (index: number) => f32x4.extractLane(low.get, index);
    return [
      countUp(
        row,
        rows.get,
        1,
        rowEnd.set(i32.add(x.get, i32.mul(columns.get, i32.const(FLOAT)))),
        slot.set(scratch.get),
        repeatWhile(
          i32.lt(x.get, rowEnd.get),
          lesser(blockEnd, i32.add(x.get, i32.const(BLOCK * FLOAT)), rowEnd.get),
          whole.set(i32.add(x.get, i32.and(i32.sub(blockEnd.get, x.get), i32.const(-LANES * FLOAT)))),
          clear(low, high),
          repeatWhile(
            i32.lt(x.get, whole.get),
            accumulate(low, v128.load(x.get)),
            accumulate(high, v128.load(x.get, REGISTER)),
            advance(x, i32.const(LANES * FLOAT)),
          ),
          when(
            i32.lt(x.get, blockEnd.get),
            v128.store(slot.get, low.get),
            v128.store(slot.get, high.get, REGISTER),
            lane.set(slot.get),
            repeatWhile(
              i32.lt(x.get, blockEnd.get),
              f32.store(lane.get, f32.add(f32.load(lane.get), f32.load(x.get))),
              advance(x, i32.const(FLOAT)),
              advance(lane, i32.const(FLOAT)),
            ),
            low.set(v128.load(slot.get)),
            high.set(v128.load(slot.get, REGISTER)),
          ),
          accumulate(low, high.get),
          v128.store(slot.get, f32x4.splat(f32.add(f32.add(part(0), part(2)), f32.add(part(1), part(3))))),
          advance(slot, i32.const(REGISTER)),
        ),
        addPairs(scratch, slot, locals),
        f32.store(out.get, f32.load(scratch.get)),
        advance(out, i32.const(FLOAT)),
      ),
    ];
  },
});
