import { lane, lanes, shift, simd, type V128, value } from './values.js';

const bytesOf = new DataView(new ArrayBuffer(8));

/** The eight bytes of a float64, as they stand in memory and in code. */
function float64Bytes(x: number): number[] {
  bytesOf.setFloat64(0, x, true);
  return Array.from({ length: 8 }, (_, i) => bytesOf.getUint8(i));
}

/** Bytes 0 to 7 of one register, then of another. */
const LOWER_HALVES = [0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23];
/** The upper half of a register, twice. */
const UPPER_HALF = [8, 9, 10, 11, 12, 13, 14, 15, 8, 9, 10, 11, 12, 13, 14, 15];

/** i8x16.shuffle: bytes of two registers by their numbers. */
const shuffle = (a: V128, b: V128, bytes: readonly number[]): V128 =>
  value('v128', a.code, b.code, ...simd(13), ...bytes);

const promoteLow = lane(95);
const demote = lane(94);

/** Two float64 numbers in a register. */
export const f64x2 = {
  const: (x: number): V128 => {
    const bytes = float64Bytes(x);
    return value('v128', ...simd(12), ...bytes, ...bytes);
  },
  /** The first two float32 lanes, exactly. */
  promoteLow,
  /** The last two; the operand's code is used twice, so it should be a local variable. */
  promoteHigh: (a: V128): V128 => promoteLow(shuffle(a, a, UPPER_HALF)),
  /** Four float32 lanes from two registers, each rounded once. */
  demote: (low: V128, high: V128): V128 => shuffle(demote(low), demote(high), LOWER_HALVES),
  /** Two float32 lanes, rounded, and two zeros. */
  demoteZero: demote,
  eq: lanes(71),
  lt: lanes(73),
  gt: lanes(74),
  ge: lanes(76),
  floor: lane(117),
  abs: lane(236),
  neg: lane(237),
  add: lanes(240),
  sub: lanes(241),
  mul: lanes(242),
  div: lanes(243),
  /** b < a ? b : a; a, if either is NaN. */
  pmin: lanes(246),
  /** a < b ? b : a, likewise. */
  pmax: lanes(247),
  /** The first two of four integers. */
  convertLowI32x4: lane(254),
};

/** Two 64-bit integers in a register. */
export const i64x2 = {
  /** An integer of at most 53 bits, 0 or more, in both lanes. */
  const: (n: number): V128 => {
    bytesOf.setBigUint64(0, BigInt(n), true);
    const bytes = Array.from({ length: 8 }, (_, i) => bytesOf.getUint8(i));
    return value('v128', ...simd(12), ...bytes, ...bytes);
  },
  /** The first two of four integers, with their sign. */
  extendLowI32x4: lane(199),
  shl: shift(203),
  add: lanes(206),
  sub: lanes(209),
};
