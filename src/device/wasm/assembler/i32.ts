/** Instructions on integers of 32 bits, with their sign unless they say otherwise. */
import { codeOf, type I32, type Integer, loads, stores, value } from './values.js';

const constant = (n: number): I32 => value('i32', codeOf(n));

export { constant as const };

const ints =
  (code: number) =>
  (a: Integer, b: Integer): I32 =>
    value('i32', codeOf(a), codeOf(b), code);

export const load = loads('i32', [0x28]);
export const store = stores<I32>([0x36]);
export const eqz = (a: I32): I32 => value('i32', a.code, 0x45);
export const eq = ints(0x46);
export const ne = ints(0x47);
export const lt = ints(0x48);
export const gt = ints(0x4a);
export const ge = ints(0x4e);
export const add = ints(0x6a);
export const sub = ints(0x6b);
export const mul = ints(0x6c);
export const and = ints(0x71);
export const shl = ints(0x74);
export const shrS = ints(0x75);
