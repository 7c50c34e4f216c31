import type { TensorData } from '../dtype.js';
import { log32, logTail32 } from '../math/logarithm.js';
import { cosineOfEighth32, sineOfEighth32 } from '../math/quarter-turn.js';

const f = Math.fround;
const TWO_TO_MINUS_32 = 2 ** -32;
const TWO_PI_PER_WORD = 2 * Math.PI * TWO_TO_MINUS_32;
/** sqrt(1/2) as a fraction of 2^32; a word from here on is near enough to 1 for logTail32. */
const NEAR_ONE = 0xb504f334;

/**
 * Turns words into draws from the normal distribution: words 2j and 2j + 1 give normals 2j and 2j + 1. With
 * u = (word + 1) / 2^32 in (0, 1] and an angle of 2 pi word / 2^32 they are sqrt(-2 log u) times the cosine and
 * the sine of the angle. u keeps all 32 bits in float32 too, near 0 and near 1, so the tails reach
 * sqrt(64 ln 2) = 6.66 standard deviations in both element types.
 *
 * Source: G. E. P. Box, M. E. Muller, "A note on the generation of random normal deviates", Annals of
 * Mathematical Statistics 29(2), 1958.
 *
 * @param words one word per element of `out`, and the one after the last if their number is odd
 */
export function writeNormal(words: Uint32Array, out: TensorData, mean: number, std: number): void {
  if (out instanceof Float32Array) writeNormal32(words, out, f(mean), f(std));
  else writeNormal64(words, out, mean, std);
}

function writeNormal64(words: Uint32Array, out: Float64Array, mean: number, std: number): void {
  for (let i = 0; i < out.length; i += 2) {
    const radius = Math.sqrt(-2 * Math.log((words[i] + 1) * TWO_TO_MINUS_32));
    const angle = words[i + 1] * TWO_PI_PER_WORD;
    out[i] = mean + std * (radius * Math.cos(angle));
    if (i + 1 < out.length) out[i + 1] = mean + std * (radius * Math.sin(angle));
  }
}

/** The same in float32 steps and integer operations, so that the bits are the same on every engine. */
function writeNormal32(words: Uint32Array, out: Float32Array, mean: number, std: number): void {
  for (let i = 0; i < out.length; i += 2) {
    const radius = f(Math.sqrt(f(-2 * logOfWord32(words[i]))));
    // The nearest quarter turn, and a signed rest of at most an eighth of a turn.
    const quarter = ((words[i + 1] + 0x20000000) | 0) >>> 30;
    const rest = (words[i + 1] - (quarter << 30)) | 0;
    const angle = f(f(rest) * f(TWO_PI_PER_WORD));
    const cosine = cosineOfEighth32(angle);
    const sine = sineOfEighth32(angle);
    const isOdd = (quarter & 1) !== 0;
    const x = isOdd ? sine : cosine;
    const y = isOdd ? cosine : sine;
    out[i] = f(mean + f(std * f(radius * ((quarter + 1) & 2 ? -x : x))));
    if (i + 1 < out.length) out[i + 1] = f(mean + f(std * f(radius * (quarter & 2 ? -y : y))));
  }
}

/** log((word + 1) / 2^32) in float32 steps; near 1 from 1 - u, which is exact there where u is not. */
function logOfWord32(word: number): number {
  if (word >= NEAR_ONE) {
    const t = f(f(~word >>> 0) * -TWO_TO_MINUS_32);
    return f(t + logTail32(t));
  }
  return log32(f(f(f(word) + 1) * TWO_TO_MINUS_32));
}
