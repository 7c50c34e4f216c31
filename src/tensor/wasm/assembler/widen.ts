import { lane, lanes } from './values.js';

/** Unsigned integers in lanes twice as wide: the lower half of the lanes, or the upper. */
export const widen = {
  /** Lanes of 8 bits to 16. */
  low8: lane(137),
  high8: lane(138),
  /** Lanes of 16 bits to 32. */
  low16: lane(169),
  high16: lane(170),
  /** 64-bit products of lanes 0 and 1, of 32 bits each. */
  mulLow32: lanes(222),
  /** 64-bit products of lanes 2 and 3. */
  mulHigh32: lanes(223),
};
