/** Instructions on two float64 numbers in a register. */
import { lane, lanes, shared, shuffleBytes, type V128 } from './values.js';

/** A number in both lanes. */
export const all = (x: number): V128 =>
  shared((bytes) => {
    bytes.setFloat64(0, x, true);
    bytes.setFloat64(8, x, true);
  });

const doubles = (code: number) => lanes(code, all);

/** Bytes 0 to 7 of one register, then of another. */
const LOWER_HALVES = [0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23];
/** The upper half of a register, twice. */
const UPPER_HALF = [8, 9, 10, 11, 12, 13, 14, 15, 8, 9, 10, 11, 12, 13, 14, 15];

/** The first two float32 lanes, exactly. */
export const promoteLow = lane(95);
/** The last two; the operand's code is used twice, so it should be a local variable. */
export const promoteHigh = (a: V128): V128 => promoteLow(shuffleBytes(a, a, UPPER_HALF));
/** Two float32 lanes, rounded, and two zeros. */
export const demoteZero = lane(94);
/** Four float32 lanes from two registers, each rounded once. */
export const demote = (low: V128, high: V128): V128 =>
  shuffleBytes(demoteZero(low), demoteZero(high), LOWER_HALVES);
export const eq = doubles(71);
export const lt = doubles(73);
export const gt = doubles(74);
export const ge = doubles(76);
export const floor = lane(117);
export const abs = lane(236);
export const sqrt = lane(239);
export const add = doubles(240);
export const sub = doubles(241);
export const mul = doubles(242);
export const div = doubles(243);
/** b < a ? b : a; a, if either is NaN. */
export const pmin = doubles(246);
/** a < b ? b : a; a, if either is NaN. */
export const pmax = doubles(247);
/** The first two of four integers. */
export const convertLowI32x4 = lane(254);
/** The last two; as in {@link promoteHigh}, the operand's code is used twice. */
export const convertHighI32x4 = (a: V128): V128 => convertLowI32x4(shuffleBytes(a, a, UPPER_HALF));
