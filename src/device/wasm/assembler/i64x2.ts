/** Instructions on two integers of 64 bits in a register. */
import { lane, lanes, shared, shift, type V128 } from './values.js';

/** An integer of at most 53 bits, 0 or more, in both lanes. */
export const all = (n: number): V128 =>
  shared((bytes) => {
    bytes.setBigUint64(0, BigInt(n), true);
    bytes.setBigUint64(8, BigInt(n), true);
  });

/** The first two of four integers, with their sign. */
export const extendLowI32x4 = lane(199);
export const shl = shift(203);
export const shrS = shift(204);
export const add = lanes(206, all);
export const sub = lanes(209, all);
