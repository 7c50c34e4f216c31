/** Instructions on registers of 128 bits, whatever they hold. */
import { unsigned } from './leb128.js';
import {
  bits,
  codeOf,
  type I32,
  type Integer,
  lane,
  loads,
  type Statement,
  shuffleBytes,
  simd,
  stores,
  type V128,
  value,
} from './values.js';

/** Bits of zeros, made where they stand. */
export const zero: V128 = value('v128', simd(12), new Array(16).fill(0));

export const load = loads('v128', simd(0));
/** One float32 from memory, in all four lanes. */
export const load32Splat = loads('v128', simd(9));
export const store = stores<V128>(simd(11));
/** One lane of a register to memory. */
export const store32Lane = (address: Integer, stored: V128, lane: number, offset = 0): Statement => [
  codeOf(address),
  stored.code,
  simd(90),
  2,
  unsigned(offset),
  lane,
];
export const not = lane(77);
export const and = bits(78);
/** a and not b. */
export const andnot = bits(79);
export const or = bits(80);
export const xor = bits(81);
/** Bits of a where the mask is set, else of b. */
export const bitselect = (a: V128, b: V128, mask: V128): V128 =>
  value('v128', a.code, b.code, mask.code, simd(82));
/** 1 if any bit is set, else 0. */
export const anyTrue = (a: V128): I32 => value('i32', a.code, simd(83));
/** Four lanes of 32 bits, each picked by number: 0 to 3 from a, 4 to 7 from b (i8x16.shuffle). */
export const shuffle = (a: V128, b: V128, lanes: readonly [number, number, number, number]): V128 =>
  shuffleBytes(
    a,
    b,
    lanes.flatMap((lane) => [4 * lane, 4 * lane + 1, 4 * lane + 2, 4 * lane + 3]),
  );
