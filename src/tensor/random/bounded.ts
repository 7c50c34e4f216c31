import { mulHigh } from './philox.js';

/**
 * Unbiased integers below a bound, by multiplication: of the 2^32 words, those that would give some integers
 * one more chance than others are refused (fewer than one in two at the worst; at bounds far below 2^32
 * almost none).
 *
 * Source: D. Lemire, "Fast random integer generation in an interval", ACM Transactions on Modeling and
 * Computer Simulation 29(1), 2019.
 *
 * @param bound an integer from 1 to 2^32
 * @param nextWord gives the next 32 random bits, as an unsigned integer
 * @returns an integer from 0 to bound - 1
 */
export function integerBelow(bound: number, nextWord: () => number): number {
  if (bound === 2 ** 32) return nextWord();
  const refused = (2 ** 32 - bound) % bound;
  for (;;) {
    const word = nextWord();
    if (Math.imul(word, bound) >>> 0 >= refused) return mulHigh(word, bound) >>> 0;
  }
}
