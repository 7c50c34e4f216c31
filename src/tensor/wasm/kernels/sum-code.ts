import type { I32, Local, Locals, Statement, V128 } from '../assembler/index.js';
import { countUp, f32, f32x4, i32, repeatWhile, v128, when } from '../assembler/index.js';
import { kernelCode } from '../kernel-code.js';

/** Lanes of a sum, and elements of a block: see `sumTree`, which defines the order of all additions here. */
const LANES = 8;
const BLOCK = 1024;

const FLOAT = 4;
const REGISTER = 16;

/**
 * Numbers of scratch space that the sum of `length` elements needs: a register for each block, one that makes their
 * number even, and one more for the lanes of a last block that ends within a register.
 */
export const scratchFor = (length: number): number => (REGISTER / FLOAT) * (Math.ceil(length / BLOCK) + 2);

const advance = (pointer: Local<'i32'>, bytes: I32): Statement => pointer.set(i32.add(pointer.get, bytes));
const accumulate = (sum: Local<'v128'>, x: V128): Statement => sum.set(f32x4.add(sum.get, x));
const clear = (...sums: readonly Local<'v128'>[]): Statement => sums.flatMap((s) => s.set(f32x4.const(0)));

/** The lesser of two integers. */
const lesser = (out: Local<'i32'>, a: I32, b: I32): Statement => [
  ...out.set(a),
  ...when(i32.gt(out.get, b), out.set(b)),
];

/**
 * Adds the registers from `sums` up to `end` in neighbouring pairs until one is left. An odd number of them is made
 * even with a zero, which changes nothing: a sum that began from +0 is never -0.
 */
function addPairs(sums: Local<'i32'>, end: Local<'i32'>, locals: Locals): Statement {
  const [from, to] = locals.array('i32', 2);
  return repeatWhile(
    i32.gt(i32.sub(end.get, sums.get), i32.const(REGISTER)),
    v128.store(end.get, f32x4.const(0)),
    from.set(sums.get),
    to.set(sums.get),
    repeatWhile(
      i32.lt(from.get, end.get),
      v128.store(to.get, f32x4.add(v128.load(from.get), v128.load(from.get, REGISTER))),
      advance(from, i32.const(2 * REGISTER)),
      advance(to, i32.const(REGISTER)),
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

/** The sum of each column of a matrix, four columns at a time: register l holds lane l of each of the four sums. */
export const sumColumns = kernelCode({
  name: 'sum_columns',
  parameters: { x: 'i32', out: 'i32', rows: 'i32', columns: 'i32', scratch: 'i32' },
  body: ({ x, out, rows, columns, scratch }, locals) => {
    const [column, stride, at, left, height, blockEnd, whole, slot] = locals.array('i32', 8);
    const sums = locals.array('v128', LANES);
    const takeRow = (sum: Local<'v128'>): Statement => [
      ...accumulate(sum, v128.load(at.get)),
      ...advance(at, stride.get),
    ];
    const halve = (half: number): Statement =>
      sums.slice(0, half).flatMap((sum, i) => accumulate(sum, sums[i + half].get));
    return [
      stride.set(i32.mul(columns.get, i32.const(FLOAT))),
      countUp(
        column,
        columns.get,
        REGISTER / FLOAT,
        at.set(x.get),
        left.set(rows.get),
        slot.set(scratch.get),
        repeatWhile(
          left.get,
          // Not a whole block's size first: with many columns it exceeds what an address can be.
          lesser(height, left.get, i32.const(BLOCK)),
          left.set(i32.sub(left.get, height.get)),
          blockEnd.set(i32.add(at.get, i32.mul(stride.get, height.get))),
          // Where fewer rows are left than there are lanes.
          whole.set(i32.sub(blockEnd.get, i32.mul(stride.get, i32.const(LANES - 1)))),
          clear(...sums),
          repeatWhile(i32.lt(at.get, whole.get), ...sums.map(takeRow)),
          ...sums.slice(0, -1).map((sum) => when(i32.lt(at.get, blockEnd.get), takeRow(sum))),
          ...[4, 2, 1].map(halve),
          v128.store(slot.get, sums[0].get),
          advance(slot, i32.const(REGISTER)),
        ),
        addPairs(scratch, slot, locals),
        v128.store(out.get, v128.load(scratch.get)),
        advance(x, i32.const(REGISTER)),
        advance(out, i32.const(REGISTER)),
      ),
    ];
  },
});
