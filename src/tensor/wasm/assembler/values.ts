import { signed, unsigned } from './leb128.js';

/** Types of values that kernels use. */
export type ValueType = 'i32' | 'f32' | 'v128';

/** Bytes, in lists within lists: code is put together without being copied, and laid out once, by {@link flatten}. */
export type Code = readonly (number | Code)[];

/** All bytes of some code, in order. */
export function flatten(code: Code, into: number[] = []): number[] {
  for (const part of code) {
    if (typeof part === 'number') into.push(part);
    else flatten(part, into);
  }
  return into;
}

/** Instructions that leave one value of a type on the stack. Expressions are built from the inside out. */
export interface Value<T extends ValueType> {
  readonly type: T;
  readonly code: Code;
}

export type I32 = Value<'i32'>;
export type F32 = Value<'f32'>;
export type V128 = Value<'v128'>;

/** Instructions that leave the stack as it was. */
export type Statement = Code;

/** Code of an instruction with the 0xfd prefix, under which all SIMD instructions stand. */
export const simd = (code: number): number[] => [0xfd, ...unsigned(code)];

export const value = <T extends ValueType>(type: T, ...code: Code): Value<T> => ({ type, code });

type Any = Value<ValueType>;

const unary =
  <A extends ValueType, R extends ValueType>(result: R, ...op: number[]) =>
  (a: Value<A>): Value<R> =>
    value(result, a.code, ...op);

const binary =
  <A extends ValueType, B extends ValueType, R extends ValueType>(result: R, ...op: number[]) =>
  (a: Value<A>, b: Value<B>): Value<R> =>
    value(result, a.code, b.code, ...op);

/** Alignment (as a power of two) and constant offset of a memory access; the alignment is only a hint. */
const at = (alignment: number, offset: number): number[] => [...unsigned(alignment), ...unsigned(offset)];

const load =
  <R extends ValueType>(result: R, ...op: number[]) =>
  (address: I32, offset = 0): Value<R> =>
    value(result, address.code, ...op, ...at(2, offset));

const store =
  (...op: number[]) =>
  (address: I32, stored: Any, offset = 0): Statement => [address.code, stored.code, ...op, ...at(2, offset)];

const int = (...op: number[]) => binary<'i32', 'i32', 'i32'>('i32', ...op);

export const i32 = {
  const: (n: number): I32 => value('i32', 0x41, ...signed(n)),
  load: load('i32', 0x28),
  store: store(0x36),
  eqz: unary<'i32', 'i32'>('i32', 0x45),
  eq: int(0x46),
  ne: int(0x47),
  lt: int(0x48),
  gt: int(0x4a),
  le: int(0x4c),
  ge: int(0x4e),
  add: int(0x6a),
  sub: int(0x6b),
  mul: int(0x6c),
  and: int(0x71),
  or: int(0x72),
  shl: int(0x74),
  shrS: int(0x75),
  shrU: int(0x76),
};

const bytesOf = new DataView(new ArrayBuffer(4));

/** The four bytes of a float32, as they stand in memory and in code. */
function float32Bytes(x: number): number[] {
  bytesOf.setFloat32(0, x, true);
  return [0, 1, 2, 3].map((i) => bytesOf.getUint8(i));
}

const float = (...op: number[]) => binary<'f32', 'f32', 'f32'>('f32', ...op);

export const f32 = {
  const: (x: number): F32 => value('f32', 0x43, ...float32Bytes(x)),
  load: load('f32', 0x2a),
  store: store(0x38),
  ne: binary<'f32', 'f32', 'i32'>('i32', 0x5c),
  add: float(0x92),
  sub: float(0x93),
  mul: float(0x94),
  div: float(0x95),
};

export const lanes = (code: number) => binary<'v128', 'v128', 'v128'>('v128', ...simd(code));
export const lane = (code: number) => unary<'v128', 'v128'>('v128', ...simd(code));
export const shift = (code: number) => binary<'v128', 'i32', 'v128'>('v128', ...simd(code));

export const v128 = {
  load: load('v128', ...simd(0)),
  /** One float32 from memory, in all four lanes. */
  load32Splat: load('v128', ...simd(9)),
  store: store(...simd(11)),
  not: lane(77),
  and: lanes(78),
  /** a and not b. */
  andnot: lanes(79),
  or: lanes(80),
  xor: lanes(81),
  /** Bits of a where the mask is set, else of b. */
  bitselect: (a: V128, b: V128, mask: V128): V128 => value('v128', a.code, b.code, mask.code, ...simd(82)),
  /** Four lanes of 32 bits, each picked by number: 0 to 3 from a, 4 to 7 from b (i8x16.shuffle). */
  shuffle: (a: V128, b: V128, lanes: readonly [number, number, number, number]): V128 => {
    const bytes = lanes.flatMap((lane) => [4 * lane, 4 * lane + 1, 4 * lane + 2, 4 * lane + 3]);
    return value('v128', a.code, b.code, ...simd(13), ...bytes);
  },
};

export const f32x4 = {
  const: (x: number): V128 => {
    const bytes = float32Bytes(x);
    return value('v128', ...simd(12), ...bytes, ...bytes, ...bytes, ...bytes);
  },
  splat: unary<'f32', 'v128'>('v128', ...simd(19)),
  extractLane: (a: V128, index: number): F32 => value('f32', a.code, ...simd(31), index),
  eq: lanes(65),
  ne: lanes(66),
  lt: lanes(67),
  gt: lanes(68),
  le: lanes(69),
  ge: lanes(70),
  floor: lane(104),
  trunc: lane(105),
  nearest: lane(106),
  abs: lane(224),
  neg: lane(225),
  sqrt: lane(227),
  add: lanes(228),
  sub: lanes(229),
  mul: lanes(230),
  div: lanes(231),
  /** IEEE minimum: NaN if either is. */
  min: lanes(232),
  max: lanes(233),
  /** b < a ? b : a, one instruction where `min` takes many: a, if either is NaN or both are zeros. */
  pmin: lanes(234),
  /** a < b ? b : a, likewise. */
  pmax: lanes(235),
  convertI32x4: lane(250),
  /** a * b + c, rounded once or twice, as the machine likes it: of the relaxed instructions, which not every engine knows. */
  relaxedMadd: (a: V128, b: V128, c: V128): V128 => value('v128', a.code, b.code, c.code, ...simd(0x105)),
};

export const i32x4 = {
  const: (n: number): V128 => {
    const bytes = [n & 255, (n >> 8) & 255, (n >> 16) & 255, (n >> 24) & 255];
    return value('v128', ...simd(12), ...bytes, ...bytes, ...bytes, ...bytes);
  },
  splat: unary<'i32', 'v128'>('v128', ...simd(17)),
  eq: lanes(55),
  lt: lanes(57),
  gt: lanes(59),
  shl: shift(171),
  shrS: shift(172),
  shrU: shift(173),
  add: lanes(174),
  sub: lanes(177),
  min: lanes(182),
  max: lanes(184),
  /** Towards zero; NaN becomes 0, what is too large the largest. */
  truncSatF32x4: lane(248),
};
