import type { TensorData } from '../dtype.js';

const TWO_TO_MINUS_32 = 2 ** -32;
const TWO_TO_MINUS_24 = 2 ** -24;

/**
 * A word as a number strictly between 0 and 1: the middle of one of 2^32 equal cells. Exact in float64.
 */
export function unit64(word: number): number {
  return (word + 0.5) * TWO_TO_MINUS_32;
}

/**
 * A word as a float32 in [0, 1): its upper 24 bits, so that every value is exact and 1 is never reached.
 */
export function unit32(word: number): number {
  return (word >>> 8) * TWO_TO_MINUS_24;
}

/** How many of the words have {@link unit64} below a probability: 0 to 2^32, exactly. */
export function wordsBelow(probability: number): number {
  const words = probability * 2 ** 32;
  const whole = Math.floor(words);
  return whole + (words - whole > 0.5 ? 1 : 0);
}

/** What float32 draws on [low, high) are made of: min(start + span u, last) for u in [0, 1). */
export function uniformRange32(low: number, high: number) {
  const start = Math.fround(low);
  return { start, span: Math.fround(Math.fround(high) - start), last: nextBelow32(high) };
}

/**
 * Turns words, one for each element of `out`, into numbers uniform on [low, high). Rounding of low + (high - low) u could reach
 * `high`; such a value becomes the largest one below it.
 */
export function writeUniform(words: Uint32Array, out: TensorData, low: number, high: number): void {
  if (out instanceof Float32Array) {
    const { start, span, last } = uniformRange32(low, high);
    for (let i = 0; i < out.length; i++) {
      out[i] = Math.min(Math.fround(start + Math.fround(span * unit32(words[i]))), last);
    }
  } else {
    const span = high - low;
    const last = nextBelow64(high);
    for (let i = 0; i < out.length; i++) out[i] = Math.min(low + span * unit64(words[i]), last);
  }
}

/** The largest float32 below a finite value, which is rounded to float32 first. */
function nextBelow32(value: number): number {
  const cell = Float32Array.of(value);
  if (cell[0] === 0) return -(2 ** -149);
  // Stored as sign and magnitude: towards minus infinity is one less for positive, one more for negative.
  new Int32Array(cell.buffer)[0] += cell[0] > 0 ? -1 : 1;
  return cell[0];
}

/** The largest float64 below a finite value. */
function nextBelow64(value: number): number {
  if (value === 0) return -Number.MIN_VALUE;
  const cell = Float64Array.of(value);
  new BigInt64Array(cell.buffer)[0] += value > 0 ? -1n : 1n;
  return cell[0];
}
