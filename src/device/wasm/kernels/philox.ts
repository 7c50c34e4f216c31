import * as i32x4 from '../assembler/i32x4.js';
import type { V128 } from '../assembler/index.js';
import * as v128 from '../assembler/v128.js';
import * as widen from '../assembler/widen.js';
import type { Bind } from './vector-loop.js';

/** Philox4x32-10 on four blocks at once; see random/philox.ts for its definition and source. */
const ROUNDS = 10;
const MULTIPLIER_A = 0xd2511f53;
const MULTIPLIER_B = 0xcd9e8d57;
const WEYL_A = 0x9e3779b9;
const WEYL_B = 0xbb67ae85;

/** Four registers of which lane b of register k belongs to word k of block b. */
export type Words = readonly [V128, V128, V128, V128];

/** The two halves of the 64-bit products of four lanes. */
function product(bind: Bind, a: V128, b: V128): { readonly low: V128; readonly high: V128 } {
  const first = bind(widen.mulLow32(a, b));
  const last = bind(widen.mulHigh32(a, b));
  return {
    low: bind(v128.shuffle(first, last, [0, 2, 4, 6])),
    high: v128.shuffle(first, last, [1, 3, 5, 7]),
  };
}

/** The words of four blocks. @param key the same two words in every lane */
export function philoxWords(bind: Bind, counter: Words, key: readonly [V128, V128]): Words {
  const multiplierA = i32x4.all(MULTIPLIER_A);
  const multiplierB = i32x4.all(MULTIPLIER_B);
  let [c0, c1, c2, c3] = counter;
  let [k0, k1] = key;
  for (let round = 0; round < ROUNDS; round++) {
    const a = product(bind, c0, multiplierA);
    const b = product(bind, c2, multiplierB);
    c0 = bind(v128.xor(v128.xor(b.high, c1), k0));
    c2 = bind(v128.xor(v128.xor(a.high, c3), k1));
    c1 = b.low;
    c3 = a.low;
    k0 = bind(i32x4.add(k0, WEYL_A));
    k1 = bind(i32x4.add(k1, WEYL_B));
  }
  return [c0, c1, c2, c3];
}

/** Four words' upper `32 - by` bits. */
export const upperBits = (word: V128, by: number): V128 => i32x4.shrU(word, by);
