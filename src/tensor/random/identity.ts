import { philox4x32 } from './philox.js';

/** Keeps this use of Philox apart from any other: the first 32 bits of the fraction of pi. */
const DOMAIN = 0x243f6a88;

/**
 * The seed as a number where a number holds it exactly, else as a bigint.
 *
 * @throws RangeError unless the seed is an integer from 0 to 2^64 - 1 (a number: up to 2^53 - 1)
 */
export function checkSeed(seed: number | bigint): number | bigint {
  const valid =
    typeof seed === 'bigint' ? seed >= 0n && seed < 1n << 64n : Number.isSafeInteger(seed) && seed >= 0;
  if (!valid) {
    throw new RangeError(
      `Random: the seed is ${String(seed)}; it must be an integer from 0 to 2^53 - 1, or a bigint from 0n to 2n ** 64n - 1n`,
    );
  }
  return seed <= Number.MAX_SAFE_INTEGER ? Number(seed) : seed;
}

/**
 * The four words that make a stream what it is: words 0 and 1 are its Philox key, words 2 and 3 the upper
 * half of its counter. With 128 bits, two names meet with a probability of 2^-128 or so.
 *
 * The hash is Philox itself used as a block cipher in Davies-Meyer mode: the state starts as one block made
 * of the seed and the name's length; each further block takes the next four UTF-16 code units of the name
 * as its key and the state as its counter, and is combined with the state by exclusive or, so that a step
 * cannot be run backwards. The length in the first block keeps "a" and "a\0" apart.
 */
export function streamIdentity(seed: number | bigint, name: string): Uint32Array {
  const wide = BigInt(seed);
  const state = new Uint32Array(4);
  philox4x32(
    [Number(wide & 0xffffffffn), Number(wide >> 32n), name.length, DOMAIN],
    [name.length, DOMAIN],
    state,
  );
  const block = new Uint32Array(4);
  for (let i = 0; i < name.length; i += 4) {
    philox4x32(state, [codeUnits(name, i), codeUnits(name, i + 2)], block);
    for (let word = 0; word < 4; word++) state[word] ^= block[word];
  }
  return state;
}

/** Two UTF-16 code units as one word; beyond the end, zero. */
function codeUnits(name: string, at: number): number {
  const low = at < name.length ? name.charCodeAt(at) : 0;
  const high = at + 1 < name.length ? name.charCodeAt(at + 1) : 0;
  return low | (high << 16);
}
