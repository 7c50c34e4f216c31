/** Numbers whose squares are summed by themselves, before their sum is added to the others. */
export const SQUARES_BLOCK = 4096;
/** Sums within a block: element i belongs to sum i mod 8. */
export const SQUARES_LANES = 8;

/** `total` plus the squares of the last few numbers, which fill no row of eight, one after the other. */
export function addLastSquares(total: number, data: Float32Array): number {
  let sum = total;
  for (let i = data.length - (data.length % SQUARES_LANES); i < data.length; i++) sum += data[i] * data[i];
  return sum;
}

/**
 * The sum of the squares of float32 numbers, in float64: the squares are exact and cannot overflow; NaN and infinity come
 * through. The order is that of eight sums side by side in each block, which any faster kernel has to keep.
 */
export function sumOfSquares(data: Float32Array): number {
  const whole = data.length - (data.length % SQUARES_LANES);
  let total = 0;
  for (let start = 0; start < whole; start += SQUARES_BLOCK) {
    const end = Math.min(whole, start + SQUARES_BLOCK);
    let [a, b, c, d, e, f, g, h] = [0, 0, 0, 0, 0, 0, 0, 0];
    for (let i = start; i < end; i += SQUARES_LANES) {
      a += data[i] * data[i];
      b += data[i + 1] * data[i + 1];
      c += data[i + 2] * data[i + 2];
      d += data[i + 3] * data[i + 3];
      e += data[i + 4] * data[i + 4];
      f += data[i + 5] * data[i + 5];
      g += data[i + 6] * data[i + 6];
      h += data[i + 7] * data[i + 7];
    }
    total += a + c + (e + g) + (b + d + (f + h));
  }
  return addLastSquares(total, data);
}
