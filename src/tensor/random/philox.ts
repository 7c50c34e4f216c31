/**
 * Philox4x32-10: a counter-based generator. A block of four 32-bit words is a pure function of a
 * 128-bit counter and a 64-bit key, so any part of a sequence can be had without the parts before it.
 *
 * Source: J. K. Salmon, M. A. Moraes, R. O. Dror, D. E. Shaw, "Parallel random numbers: as easy as
 * 1, 2, 3", SC 2011. The constants are the paper's; the tests hold Random123's known answers.
 */

const ROUNDS = 10;
/** Halves of the two round multipliers, 0xd2511f53 and 0xcd9e8d57, kept apart for `mulHigh`. */
const MULTIPLIER_A = 0xd2511f53;
const MULTIPLIER_B = 0xcd9e8d57;
/** What each round adds to the key words: the golden ratio and sqrt(3) - 1, as 32-bit fractions. */
const WEYL_A = 0x9e3779b9;
const WEYL_B = 0xbb67ae85;

/** Four words, or a place for four words. */
export type Words4 = Uint32Array | [number, number, number, number];
/** Two words. */
export type Words2 = Uint32Array | [number, number];

/**
 * The high 32 bits of the 64-bit product of two unsigned 32-bit integers, as a signed integer.
 * Schoolbook multiplication on 16-bit halves; no partial sum leaves 32 bits.
 */
export function mulHigh(a: number, b: number): number {
  const aLow = a & 0xffff;
  const aHigh = a >>> 16;
  const bLow = b & 0xffff;
  const bHigh = b >>> 16;
  const middle = (Math.imul(aHigh, bLow) + (Math.imul(aLow, bLow) >>> 16)) | 0;
  const cross = (Math.imul(aLow, bHigh) + (middle & 0xffff)) | 0;
  return (Math.imul(aHigh, bHigh) + (middle >>> 16) + (cross >>> 16)) | 0;
}

function writeBlock(
  counter0: number,
  counter1: number,
  counter2: number,
  counter3: number,
  key0: number,
  key1: number,
  out: Uint32Array,
  offset: number,
): void {
  let c0 = counter0 | 0;
  let c1 = counter1 | 0;
  let c2 = counter2 | 0;
  let c3 = counter3 | 0;
  let k0 = key0 | 0;
  let k1 = key1 | 0;
  for (let round = 0; round < ROUNDS; round++) {
    const highA = mulHigh(c0, MULTIPLIER_A);
    const highB = mulHigh(c2, MULTIPLIER_B);
    const lowA = Math.imul(c0, MULTIPLIER_A);
    const lowB = Math.imul(c2, MULTIPLIER_B);
    c0 = highB ^ c1 ^ k0;
    c1 = lowB;
    c2 = highA ^ c3 ^ k1;
    c3 = lowA;
    k0 = (k0 + WEYL_A) | 0;
    k1 = (k1 + WEYL_B) | 0;
  }
  out[offset] = c0;
  out[offset + 1] = c1;
  out[offset + 2] = c2;
  out[offset + 3] = c3;
}

/**
 * One block of Philox4x32 with 10 rounds.
 *
 * @param counter four words, word 0 the least significant
 * @param key two words
 * @param out where the four words go (its first four places)
 */
export function philox4x32(counter: Words4, key: Words2, out: Uint32Array): void {
  writeBlock(counter[0], counter[1], counter[2], counter[3], key[0], key[1], out, 0);
}

/**
 * Consecutive blocks. Block `b` has the counter (b mod 2^32, floor(b / 2^32), identity[2], identity[3])
 * and the key (identity[0], identity[1]).
 *
 * @param identity four words that name the sequence
 * @param firstBlock number of the first block, an integer below 2^53
 * @param out where the words go, with room for 4 * blocks words
 * @param blocks how many blocks to write
 */
export function philoxBlocks(
  identity: Uint32Array,
  firstBlock: number,
  out: Uint32Array,
  blocks: number,
): void {
  let low = (firstBlock % 2 ** 32) | 0;
  let high = Math.floor(firstBlock / 2 ** 32);
  for (let b = 0; b < blocks; b++) {
    writeBlock(low, high, identity[2], identity[3], identity[0], identity[1], out, 4 * b);
    low = (low + 1) | 0;
    if (low === 0) high++;
  }
}
