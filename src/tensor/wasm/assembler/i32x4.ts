/** Instructions on four integers of 32 bits in a register. */
import { constant, lane, lanes, shift, simd, unary, type V128 } from './values.js';

const four = (n: number): V128 =>
  constant((bytes) => {
    for (let at = 0; at < 16; at += 4) bytes.setInt32(at, n, true);
  });

export { four as const };

export const splat = unary<'i32', 'v128'>('v128', simd(17));
export const eq = lanes(55);
export const lt = lanes(57);
export const gt = lanes(59);
export const shl = shift(171);
export const shrS = shift(172);
export const shrU = shift(173);
export const add = lanes(174);
export const sub = lanes(177);
export const min = lanes(182);
export const max = lanes(184);
/** Towards zero; NaN becomes 0, what is too large the largest. */
export const truncSatF32x4 = lane(248);
