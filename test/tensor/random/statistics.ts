/**
 * Tests of goodness of fit. Each returns a statistic that is large when the sample does not fit; the files that
 * use them also feed them samples made wrong on purpose, so that a test that cannot fail would be seen.
 */

/** How many standard errors something may be off: beyond, the chance is 6e-5 (two-sided). */
export const SIGMAS = 4;

/** The sample in order, as {@link ks} and {@link andersonDarling} take it. */
export function inOrder(sample: Float32Array | Float64Array): Float64Array {
  return new Float64Array(sample).sort();
}

/** Kolmogorov and Smirnov's statistic sqrt(n) sup |F_n - F|, of a sample in order. */
export function ks(sorted: Float64Array, cdf: (x: number) => number): number {
  const n = sorted.length;
  let largest = 0;
  for (let i = 0; i < n; i++) {
    const p = cdf(sorted[i]);
    largest = Math.max(largest, p - i / n, (i + 1) / n - p);
  }
  return Math.sqrt(n) * largest;
}

/** The 1 % point of {@link ks} for large n: 2 exp(-2 x^2) = 0.01. */
export const KS_CRITICAL = 1.628;

/**
 * Anderson and Darling's statistic for a distribution known in full, of a sample in order; it weighs the tails.
 *
 * @param survival 1 - cdf, by itself so that the upper tail keeps its digits
 */
export function andersonDarling(
  sorted: Float64Array,
  cdf: (x: number) => number,
  survival: (x: number) => number,
): number {
  const n = sorted.length;
  let sum = 0;
  for (let i = 0; i < n; i++) {
    sum += (2 * i + 1) * (Math.log(cdf(sorted[i])) + Math.log(survival(sorted[n - 1 - i])));
  }
  return -n - sum / n;
}

/** The 1 % point of {@link andersonDarling} (R. B. D'Agostino, M. A. Stephens, "Goodness-of-fit techniques", 1986). */
export const ANDERSON_DARLING_CRITICAL = 3.857;

/** How many standard errors the means of x, x^2, x^3, x^4 are from those of the standard normal: 0, 1, 0, 3. */
export function normalMomentErrors(sample: Float32Array | Float64Array): number[] {
  const sums = [0, 0, 0, 0];
  for (const x of sample) {
    const square = x * x;
    sums[0] += x;
    sums[1] += square;
    sums[2] += square * x;
    sums[3] += square * square;
  }
  const expected = [0, 1, 0, 3];
  const variance = [1, 2, 15, 96];
  return sums.map((sum, i) => (sum / sample.length - expected[i]) / Math.sqrt(variance[i] / sample.length));
}

/**
 * Pearson's chi-square of counts against expected counts, as a number of standard deviations
 * (E. B. Wilson, M. M. Hilferty, 1931: the cube root of a chi-square is nearly normal).
 */
export function chiSquareError(counts: ArrayLike<number>, expected: (cell: number) => number): number {
  let sum = 0;
  for (let cell = 0; cell < counts.length; cell++)
    sum += (counts[cell] - expected(cell)) ** 2 / expected(cell);
  const degrees = counts.length - 1;
  const spread = 2 / (9 * degrees);
  return (Math.cbrt(sum / degrees) - (1 - spread)) / Math.sqrt(spread);
}

/** sqrt(n) times the correlation of two samples of mean 0 and variance 1, the second moved on by `lag`. */
export function correlationError(
  a: Float32Array | Float64Array,
  b: Float32Array | Float64Array,
  lag = 0,
): number {
  const n = a.length - lag;
  let sum = 0;
  for (let i = 0; i < n; i++) sum += a[i] * b[i + lag];
  return sum / Math.sqrt(n);
}

/** How many pairs (a[i], b[i]) of numbers in [0, 1) fall in each cell of a square grid of `side`^2 cells. */
export function gridCounts(a: ArrayLike<number>, b: ArrayLike<number>, side: number): Int32Array {
  const counts = new Int32Array(side * side);
  for (let i = 0; i < a.length; i++) counts[Math.floor(a[i] * side) * side + Math.floor(b[i] * side)]++;
  return counts;
}
