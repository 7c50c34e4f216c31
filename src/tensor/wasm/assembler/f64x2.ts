/** Instructions on two float64 numbers in a register. */
import { constant, lane, lanes, shuffleBytes, type V128 } from './values.js';

const two = (x: number): V128 =>
  constant((bytes) => {
    bytes.setFloat64(0, x, true);
    bytes.setFloat64(8, x, true);
  });

export { two as const };

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
export const eq = lanes(71);
export const lt = lanes(73);
export const gt = lanes(74);
export const ge = lanes(76);
export const floor = lane(117);
export const abs = lane(236);
export const neg = lane(237);
export const add = lanes(240);
export const sub = lanes(241);
export const mul = lanes(242);
export const div = lanes(243);
/** b < a ? b : a; a, if either is NaN. */
export const pmin = lanes(246);
/** a < b ? b : a, likewise. */
export const pmax = lanes(247);
/** The first two of four integers. */
export const convertLowI32x4 = lane(254);
