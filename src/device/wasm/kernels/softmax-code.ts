/**
 * Kernels over rows, one row after another: each row is copied to scratch space, where it is worked on while it is in the
 * nearest cache. Behind its end stands -infinity, whose exponential is 0: no pass needs to know where the row ends.
 */

import * as f32 from '../assembler/f32.js';
import * as f32x4 from '../assembler/f32x4.js';
import * as i32 from '../assembler/i32.js';
import {
  advance,
  countUp,
  type Local,
  type Locals,
  repeatWhile,
  type Statement,
  type V128,
  when,
} from '../assembler/index.js';
import * as v128 from '../assembler/v128.js';
import { type KernelCode, kernelCode } from '../kernel-code.js';
import { FLOAT, REGISTER } from '../sizes.js';
import { log1p } from './doubles.js';
import { accumulate, addPairs, BLOCK, clear, lesser } from './sum-code.js';
import { exp } from './transcendental.js';
import { bound, GROUP, GROUP_BYTES, interleave, storeFirst } from './vector-loop.js';

/** Offsets of the registers of a group, in bytes. */
const OFFSETS = Array.from({ length: GROUP_BYTES / REGISTER }, (_, i) => i * REGISTER);

/**
 * Below this e^x is 0, as exp32 has it. It is not computed: processors take a hundred times as long for a product that
 * vanishes, and nearly every row ends with one.
 */
const VANISHING = -104;

/** Numbers of scratch space that a row needs, its end included. */
export const rowScratch = (columns: number): number => columns + GROUP;

/**
 * Code for the row at hand. In all lanes of `largest` is its largest element; of `shift`, the same where it is finite and
 * else 0; of `total`, what {@link sumOfExp} found.
 */
class RowCode {
  readonly largest: Local<'v128'>;
  readonly shift: Local<'v128'>;
  readonly total: Local<'v128'>;
  /** Where in the row its first largest element stands; see {@link findFirst}. */
  readonly first: Local<'i32'>;
  private readonly at: Local<'i32'>;
  private readonly end: Local<'i32'>;

  constructor(
    readonly p: Readonly<Record<'x' | 'out' | 'bytes' | 'row' | 'sums' | 'largest', Local<'i32'>>>,
    private readonly locals: Locals,
  ) {
    [this.largest, this.shift, this.total] = locals.array('v128', 3);
    [this.first, this.at, this.end] = locals.array('i32', 3);
  }

  /** Copies a row to scratch space. */
  load(): Statement {
    const { p, at, end, locals } = this;
    const next = locals.new('i32');
    return [
      next.set(i32.add(p.x, p.bytes)),
      at.set(p.row),
      countUp(
        [p.x, next, GROUP_BYTES],
        OFFSETS.map((offset) => v128.store(at, v128.load(p.x, offset), offset)),
        advance(at, GROUP_BYTES),
      ),
      p.x.set(next),
      end.set(i32.add(p.row, p.bytes)),
      OFFSETS.map((offset) => v128.store(end, f32x4.all(Number.NEGATIVE_INFINITY), offset)),
    ];
  }

  /** Reads the largest element. */
  readLargest(): Statement {
    const { largest, p, shift } = this;
    return [
      largest.set(v128.load32Splat(p.largest)),
      advance(p.largest, FLOAT),
      shift.set(v128.bitselect(largest, f32x4.all(0), this.isFinite())),
    ];
  }

  /** Finds the first largest element; the start of the row beside a NaN. */
  findFirst(): Statement {
    const { p, first, largest } = this;
    const value = f32x4.extractLane(largest, 0);
    return [
      first.set(p.row),
      when(i32.eqz(f32.ne(value, value)), repeatWhile(f32.ne(f32.load(first), value), advance(first, FLOAT))),
    ];
  }

  /** A mask: set if the largest element is finite. */
  isFinite(): V128 {
    return f32x4.lt(f32x4.abs(this.largest), Number.POSITIVE_INFINITY);
  }

  /** The sum of e^(x - shift) in the order of `sumTree`; `keep` leaves the terms in the row's place. */
  sumOfExp(keep: boolean): Statement {
    const { p, at, end, locals } = this;
    const [slot, stop] = locals.array('i32', 2);
    const [low, high] = locals.array('v128', 2);
    const terms = locals.array('v128', OFFSETS.length);
    const vectors = terms.map((term, i) =>
      bound(locals, (bind) => {
        const shifted = bind(f32x4.sub(v128.load(at, OFFSETS[i]), this.shift));
        const vanishing = bind(f32x4.lt(shifted, VANISHING));
        return term.set(v128.andnot(exp(bind, bind(v128.andnot(shifted, vanishing))), vanishing));
      }),
    );
    const part = (lane: number) => f32x4.extractLane(low, lane);
    return [
      at.set(p.row),
      slot.set(p.sums),
      repeatWhile(
        i32.lt(at, end),
        lesser(stop, i32.add(at, BLOCK * FLOAT), end),
        clear(low, high),
        countUp(
          [at, stop, GROUP_BYTES],
          interleave(vectors),
          terms.map((term, i) => accumulate(i % 2 === 0 ? low : high, term)),
          keep ? terms.map((term, i) => v128.store(at, term, OFFSETS[i])) : [],
        ),
        accumulate(low, high),
        v128.store(slot, f32x4.splat(f32.add(f32.add(part(0), part(2)), f32.add(part(1), part(3))))),
        advance(slot, REGISTER),
      ),
      addPairs(p.sums, slot, locals),
      this.total.set(v128.load(p.sums)),
    ];
  }

  /** `total` becomes log(sum(e^(x - shift))), as log1p of all terms but the first largest; the row is left as it was. */
  logOfSum(): Statement {
    const { first, largest, total } = this;
    return [
      this.findFirst(),
      f32.store(first, f32.const(Number.NEGATIVE_INFINITY)),
      this.sumOfExp(false),
      f32.store(first, f32x4.extractLane(largest, 0)),
      bound(this.locals, (bind) => total.set(log1p(bind, total))),
    ];
  }

  /** Writes one number as the row's result. */
  writeNumber(value: V128): Statement {
    const { out } = this.p;
    return [f32.store(out, f32x4.extractLane(value, 0)), advance(out, FLOAT)];
  }

  /** Writes a row: what `f` makes of each element. */
  writeRow(f: (x: V128) => V128): Statement {
    const { at, end, locals, p } = this;
    const left = locals.new('i32');
    const result = locals.new('v128');
    return [
      at.set(p.row),
      left.set(p.bytes),
      repeatWhile(
        i32.ge(left, REGISTER),
        v128.store(p.out, f(v128.load(at))),
        advance(at, REGISTER),
        advance(p.out, REGISTER),
        left.set(i32.sub(end, at)),
      ),
      result.set(f(v128.load(at))),
      storeFirst(p.out, left, result),
      advance(p.out, left),
    ];
  }
}

/**
 * A kernel that does for each row what `build` says. The largest element of each row is given: code that finds it takes four times as
 * long beside an exponential, whose constants leave it no registers.
 */
const rowKernel = (name: string, build: (row: RowCode) => Statement): KernelCode =>
  kernelCode(name, 7, ([x, out, rows, bytes, row, sums, largest], locals) => {
    const code = new RowCode({ x, out, bytes, row, sums, largest }, locals);
    const counter = locals.new('i32');
    return [countUp([counter, rows, 1], code.load(), code.readLargest(), build(code))];
  });

export const softmaxRows = rowKernel('softmax_rows', (row) => [
  row.sumOfExp(true),
  row.writeRow((x) => f32x4.div(x, row.total)),
]);

export const logSoftmaxRows = rowKernel('log_softmax_rows', (row) => [
  row.logOfSum(),
  row.total.set(v128.bitselect(row.total, row.largest, row.isFinite())),
  row.writeRow((x) => f32x4.sub(f32x4.sub(x, row.shift), row.total)),
]);

export const logsumexpRows = rowKernel('logsumexp_rows', (row) => [
  row.logOfSum(),
  row.writeNumber(v128.bitselect(f32x4.add(row.largest, row.total), row.largest, row.isFinite())),
]);
