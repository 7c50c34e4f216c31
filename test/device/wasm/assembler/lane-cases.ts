import { f32x4, i32x4, type V128, v128 } from '../../../../src/device/wasm/assembler/index.js';

/** A SIMD instruction without immediates: how lanes are read and written, and what each lane of the result is. */
export interface LaneCase {
  readonly from: 'f32' | 'i32';
  readonly to: 'f32' | 'i32';
  readonly emit: (a: V128, b: V128, c: V128) => V128;
  readonly lane: (a: number, b: number, c: number) => number;
}

const f = Math.fround;
const mask = (set: boolean): number => (set ? -1 : 0);

type Lane = LaneCase['lane'];
type Emit = LaneCase['emit'];
const floats = (emit: Emit, lane: Lane): LaneCase => ({ from: 'f32', to: 'f32', emit, lane });
const tests = (emit: Emit, lane: Lane): LaneCase => ({ from: 'f32', to: 'i32', emit, lane });
const ints = (emit: Emit, lane: Lane): LaneCase => ({ from: 'i32', to: 'i32', emit, lane });

type Immediate = 'all' | 'extractLane' | 'shuffle' | 'load' | 'load32Splat' | 'store' | 'store32Lane';
type Special = Immediate | 'anyTrue' | 'splat' | 'shl' | 'shrS' | 'shrU' | 'relaxedMadd';
/** A case for every instruction that has no test of its own: the compiler asks for those that are missing. */
type CasesFor<T> = Readonly<Record<Exclude<keyof T, Special>, LaneCase>>;

export const f32x4Cases: CasesFor<typeof f32x4> = {
  eq: tests(f32x4.eq, (a, b) => mask(a === b)),
  ne: tests(f32x4.ne, (a, b) => mask(a !== b)),
  lt: tests(f32x4.lt, (a, b) => mask(a < b)),
  gt: tests(f32x4.gt, (a, b) => mask(a > b)),
  le: tests(f32x4.le, (a, b) => mask(a <= b)),
  ge: tests(f32x4.ge, (a, b) => mask(a >= b)),
  floor: floats(f32x4.floor, Math.floor),
  abs: floats(f32x4.abs, Math.abs),
  neg: floats(f32x4.neg, (a) => -a),
  sqrt: floats(f32x4.sqrt, (a) => f(Math.sqrt(a))),
  add: floats(f32x4.add, (a, b) => f(a + b)),
  sub: floats(f32x4.sub, (a, b) => f(a - b)),
  mul: floats(f32x4.mul, (a, b) => f(a * b)),
  div: floats(f32x4.div, (a, b) => f(a / b)),
  min: floats(f32x4.min, (a, b) => Math.min(a, b)),
  max: floats(f32x4.max, (a, b) => Math.max(a, b)),
  // The first operand if they are equal (zeros of both signs), or if either is NaN.
  pmin: floats(f32x4.pmin, (a, b) => (b < a ? b : a)),
  pmax: floats(f32x4.pmax, (a, b) => (a < b ? b : a)),
  convertI32x4: { from: 'i32', to: 'f32', emit: f32x4.convertI32x4, lane: f },
};

export const i32x4Cases: CasesFor<typeof i32x4> = {
  lt: ints(i32x4.lt, (a, b) => mask(a < b)),
  gt: ints(i32x4.gt, (a, b) => mask(a > b)),
  add: ints(i32x4.add, (a, b) => (a + b) | 0),
  sub: ints(i32x4.sub, (a, b) => (a - b) | 0),
};

export const v128Cases: CasesFor<typeof v128> = {
  zero: ints(
    () => v128.zero,
    () => 0,
  ),
  not: ints(v128.not, (a) => ~a),
  and: ints(v128.and, (a, b) => a & b),
  andnot: ints(v128.andnot, (a, b) => a & ~b),
  or: ints(v128.or, (a, b) => a | b),
  xor: ints(v128.xor, (a, b) => a ^ b),
  bitselect: ints(v128.bitselect, (a, b, c) => (a & c) | (b & ~c)),
};
