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

/**
 * Turns words into numbers uniform on [low, high). Rounding of low + (high - low) u could reach `high`;
 * such a value becomes the largest one below it.
 *
 * @param words one word per element
 * @param out the storage; elements `from` to `from + count - 1` are written
 */
export function writeUniform(
  words: Uint32Array,
  out: Float32Array | Float64Array,
  from: number,
  count: number,
  low: number,
  high: number,
): void {
  const last = nextBelow(high, out);
  if (out instanceof Float32Array) {
    const start = Math.fround(low);
    const span = Math.fround(Math.fround(high) - start);
    for (let i = 0; i < count; i++) {
      const value = Math.fround(start + Math.fround(span * unit32(words[i])));
      out[from + i] = Math.min(value, last);
    }
  } else {
    const span = high - low;
    for (let i = 0; i < count; i++) {
      const value = low + span * unit64(words[i]);
      out[from + i] = Math.min(value, last);
    }
  }
}

/** The largest value below a finite `value` in the element type of `like`. */
function nextBelow(value: number, like: Float32Array | Float64Array): number {
  const isSingle = like instanceof Float32Array;
  const rounded = isSingle ? Math.fround(value) : value;
  if (rounded === 0) return isSingle ? -(2 ** -149) : -Number.MIN_VALUE;
  const cell = isSingle ? new Float32Array([rounded]) : new Float64Array([rounded]);
  const bits = isSingle ? new Int32Array(cell.buffer) : new BigInt64Array(cell.buffer);
  // Stored as sign and magnitude: towards minus infinity is one less for positive, one more for negative.
  if (bits instanceof Int32Array) bits[0] += rounded > 0 ? -1 : 1;
  else bits[0] += rounded > 0 ? -1n : 1n;
  return cell[0];
}
