/** Unsigned integers in lanes twice as wide: the lower half of the lanes, or the upper. */
import { bits, lane } from './values.js';

/** Lanes of 8 bits to 16. */
export const low8 = lane(137);
export const high8 = lane(138);
/** Lanes of 16 bits to 32. */
export const low16 = lane(169);
export const high16 = lane(170);

/** 64-bit products of lanes 0 and 1, of 32 bits each. */
export const mulLow32 = bits(222);
/** 64-bit products of lanes 2 and 3. */
export const mulHigh32 = bits(223);
