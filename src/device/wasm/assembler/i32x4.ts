/** Instructions on four integers of 32 bits in a register. */
import { type I32, lanes, shared, shift, simd, type V128, value } from './values.js';

/** A number in every lane. */
export const all = (n: number): V128 =>
  shared((bytes) => {
    for (let at = 0; at < 16; at += 4) bytes.setInt32(at, n, true);
  });

const ints = (code: number) => lanes(code, all);

export const splat = (n: I32): V128 => value('v128', n.code, simd(17));
export const lt = ints(57);
export const gt = ints(59);
export const shl = shift(171);
export const shrS = shift(172);
export const shrU = shift(173);
export const add = ints(174);
export const sub = ints(177);
