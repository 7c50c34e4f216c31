/** Instructions on integers of 32 bits, with their sign unless they say otherwise. A number stands for a constant. */
import { binary, codeOf, type I32, loads, stores, unary, value } from './values.js';

const constant = (n: number): I32 => value('i32', codeOf(n));

export { constant as const };

const ints = (code: number) => binary<'i32', 'i32', 'i32'>('i32', [code]);

export const load = loads('i32', [0x28]);
export const store = stores<'i32'>([0x36]);
export const eqz = unary<'i32', 'i32'>('i32', [0x45]);
export const eq = ints(0x46);
export const ne = ints(0x47);
export const lt = ints(0x48);
export const gt = ints(0x4a);
export const le = ints(0x4c);
export const ge = ints(0x4e);
export const add = ints(0x6a);
export const sub = ints(0x6b);
export const mul = ints(0x6c);
export const and = ints(0x71);
export const or = ints(0x72);
export const shl = ints(0x74);
export const shrS = ints(0x75);
export const shrU = ints(0x76);
