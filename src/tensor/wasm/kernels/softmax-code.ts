/**
 * Kernels over rows, one row after another: each row is copied to scratch space, where it is worked on while it is in the
 * nearest cache. Behind its end stands -infinity, whose exponential is 0: no pass needs to know where the row ends.
 */
import {
  countUp,
  f32,
  f32x4,
  i32,
  type Local,
  type Locals,
  repeatWhile,
  type Statement,
  type V128,
  v128,
  when,
} from '../assembler/index.js';
import { type KernelCode, kernelCode } from '../kernel-code.js';
import { log1p } from './doubles.js';
import { accumulate, addPairs, advance, BLOCK, clear, FLOAT, lesser, REGISTER } from './sum-code.js';
import { exp } from './transcendental.js';
import { Constants, GROUP, GROUP_BYTES, interleave, VectorScope } from './vector-loop.js';

/** Offsets of the registers of a group, in bytes. */
const OFFSETS = Array.from({ length: GROUP_BYTES / REGISTER }, (_, i) => i * REGISTER);

/**
 * Below this e^x is 0, as exp32 has it. It is not computed: processors take a hundred times as long for a product that
 * vanishes, and there is one behind the end of nearly every row.
 */
const VANISHING = -104;

/** Numbers of scratch space that a row needs, its end included. */
export const rowScratch = (columns: number): number => columns + GROUP;

const PARAMETERS = { x: 'i32', out: 'i32', rows: 'i32', bytes: 'i32', row: 'i32', sums: 'i32' } as const;

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
  readonly constants: Constants;
  private readonly at: Local<'i32'>;
  private readonly end: Local<'i32'>;

  constructor(
    readonly p: Readonly<Record<keyof typeof PARAMETERS, Local<'i32'>>>,
    private readonly locals: Locals,
  ) {
    this.constants = new Constants(locals);
    [this.largest, this.shift, this.total] = locals.array('v128', 3);
    [this.first, this.at, this.end] = locals.array('i32', 3);
  }

  /** Copies a row to scratch space. */
  load(): Statement {
    const { p, at, end, locals } = this;
    const next = locals.new('i32');
    const infinity = this.constants.get(f32x4.const(Number.NEGATIVE_INFINITY));
    return [
      next.set(i32.add(p.x.get, p.bytes.get)),
      at.set(p.row.get),
      repeatWhile(
        i32.lt(p.x.get, next.get),
        ...OFFSETS.map((offset) => v128.store(at.get, v128.load(p.x.get, offset), offset)),
        advance(p.x, i32.const(GROUP_BYTES)),
        advance(at, i32.const(GROUP_BYTES)),
      ),
      p.x.set(next.get),
      end.set(i32.add(p.row.get, p.bytes.get)),
      ...OFFSETS.map((offset) => v128.store(end.get, infinity, offset)),
    ];
  }

  /** Finds the largest element, up to the sign of a zero; NaN if any is. */
  findLargest(): Statement {
    const { p, at, end, largest, locals } = this;
    const maxima = locals.array('v128', OFFSETS.length);
    const [x, nan] = locals.array('v128', 2);
    const [a, b, c, d] = maxima.map((m) => m.get);
    const lowest = this.constants.get(f32x4.const(Number.NEGATIVE_INFINITY));
    const folded = (lanes: readonly [number, number, number, number]): Statement =>
      largest.set(f32x4.max(largest.get, v128.shuffle(largest.get, largest.get, lanes)));
    return [
      ...maxima.map((m) => m.set(lowest)),
      clear(nan),
      at.set(p.row.get),
      repeatWhile(
        i32.lt(at.get, end.get),
        // pmax is one instruction, but forgets a NaN: they are gathered beside it.
        ...OFFSETS.map((offset, i) => [
          x.set(v128.load(at.get, offset)),
          maxima[i].set(f32x4.pmax(maxima[i].get, x.get)),
          nan.set(v128.or(nan.get, f32x4.ne(x.get, x.get))),
        ]),
        advance(at, i32.const(GROUP_BYTES)),
      ),
      largest.set(v128.or(f32x4.pmax(f32x4.pmax(a, b), f32x4.pmax(c, d)), nan.get)),
      folded([2, 3, 0, 1]),
      folded([1, 0, 3, 2]),
      this.shift.set(v128.bitselect(largest.get, this.constants.get(f32x4.const(0)), this.isFinite())),
    ];
  }

  /** Finds the first largest element, which gives a largest zero its sign; the start of the row beside a NaN. */
  findFirst(): Statement {
    const { p, first, largest } = this;
    const value = f32x4.extractLane(largest.get, 0);
    return [
      first.set(p.row.get),
      when(
        i32.eqz(f32.ne(value, value)),
        repeatWhile(f32.ne(f32.load(first.get), value), advance(first, i32.const(FLOAT))),
        largest.set(v128.load32Splat(first.get)),
        this.shift.set(v128.bitselect(largest.get, this.shift.get, this.isFinite())),
      ),
    ];
  }

  /** A mask: set if the largest element is finite. */
  isFinite(): V128 {
    const infinity = this.constants.get(f32x4.const(Number.POSITIVE_INFINITY));
    return f32x4.lt(f32x4.abs(this.largest.get), infinity);
  }

  /** The sum of e^(x - shift) in the order of `sumTree`; `keep` leaves the terms in the row's place. */
  sumOfExp(keep: boolean): Statement {
    const { p, at, end, locals } = this;
    const [slot, stop] = locals.array('i32', 2);
    const [low, high] = locals.array('v128', 2);
    const terms = locals.array('v128', OFFSETS.length);
    const vectors = terms.map((term, i) => {
      const scope = this.scope();
      const shifted = scope.bind(f32x4.sub(v128.load(at.get, OFFSETS[i]), this.shift.get));
      const vanishing = scope.bind(f32x4.lt(shifted, scope.float(VANISHING)));
      const value = exp(scope, scope.bind(v128.andnot(shifted, vanishing)));
      return [...scope.statements, term.set(v128.andnot(value, vanishing))];
    });
    const part = (lane: number) => f32x4.extractLane(low.get, lane);
    return [
      at.set(p.row.get),
      slot.set(p.sums.get),
      repeatWhile(
        i32.lt(at.get, end.get),
        lesser(stop, i32.add(at.get, i32.const(BLOCK * FLOAT)), end.get),
        clear(low, high),
        repeatWhile(
          i32.lt(at.get, stop.get),
          ...interleave(vectors),
          ...terms.map((term, i) => accumulate(i % 2 === 0 ? low : high, term.get)),
          ...(keep ? terms.map((term, i) => v128.store(at.get, term.get, OFFSETS[i])) : []),
          advance(at, i32.const(GROUP_BYTES)),
        ),
        accumulate(low, high.get),
        v128.store(slot.get, f32x4.splat(f32.add(f32.add(part(0), part(2)), f32.add(part(1), part(3))))),
        advance(slot, i32.const(REGISTER)),
      ),
      addPairs(p.sums, slot, locals),
      this.total.set(v128.load(p.sums.get)),
    ];
  }

  /** `total` becomes log(sum(e^(x - shift))), as log1p of all terms but the first largest; the row is left as it was. */
  logOfSum(): Statement {
    const { first, largest, total } = this;
    const sum = this.sumOfExp(false);
    const scope = this.scope();
    const value = log1p(scope, total.get);
    return [
      this.findFirst(),
      f32.store(first.get, f32.const(Number.NEGATIVE_INFINITY)),
      sum,
      f32.store(first.get, f32x4.extractLane(largest.get, 0)),
      ...scope.statements,
      total.set(value),
    ];
  }

  /** Writes one number as the row's result. */
  writeNumber(value: V128): Statement {
    const { out } = this.p;
    return [f32.store(out.get, f32x4.extractLane(value, 0)), advance(out, i32.const(FLOAT))];
  }

  /** Writes a row: what `f` makes of each element. */
  writeRow(f: (x: V128) => V128): Statement {
    const { at, end, locals, p } = this;
    const left = locals.new('i32');
    const result = locals.new('v128');
    return [
      at.set(p.row.get),
      left.set(p.bytes.get),
      repeatWhile(
        i32.ge(left.get, i32.const(REGISTER)),
        v128.store(p.out.get, f(v128.load(at.get))),
        advance(at, i32.const(REGISTER)),
        advance(p.out, i32.const(REGISTER)),
        left.set(i32.sub(end.get, at.get)),
      ),
      result.set(f(v128.load(at.get))),
      ...[0, 1, 2].map((lane) =>
        when(
          i32.gt(left.get, i32.const(lane * FLOAT)),
          f32.store(p.out.get, f32x4.extractLane(result.get, lane), lane * FLOAT),
        ),
      ),
      advance(p.out, left.get),
    ];
  }

  private scope(): VectorScope {
    return new VectorScope(this.locals, this.constants);
  }
}

/** A kernel that does for each row what `build` says, once its largest element is found. */
const rowKernel = (name: string, build: (row: RowCode) => Statement): KernelCode =>
  kernelCode({
    name,
    parameters: PARAMETERS,
    body: (p, locals) => {
      const row = new RowCode(p, locals);
      const counter = locals.new('i32');
      const loop = countUp(counter, p.rows.get, 1, row.load(), row.findLargest(), build(row));
      return [...row.constants.before, loop];
    },
  });

export const softmaxRows = rowKernel('softmax_rows', (row) => [
  // A zero's sign is lost in its exponential, so that any largest zero will do.
  row.sumOfExp(true),
  row.writeRow((x) => f32x4.div(x, row.total.get)),
]);

export const logSoftmaxRows = rowKernel('log_softmax_rows', (row) => [
  row.logOfSum(),
  row.total.set(v128.bitselect(row.total.get, row.largest.get, row.isFinite())),
  row.writeRow((x) => f32x4.sub(f32x4.sub(x, row.shift.get), row.total.get)),
]);

export const logsumexpRows = rowKernel('logsumexp_rows', (row) => [
  row.logOfSum(),
  row.writeNumber(v128.bitselect(f32x4.add(row.largest.get, row.total.get), row.largest.get, row.isFinite())),
]);

export const maxRows = rowKernel('max_rows', (row) => [
  when(i32.eqz(f32.ne(f32x4.extractLane(row.largest.get, 0), f32.const(0))), row.findFirst()),
  row.writeNumber(row.largest.get),
]);
