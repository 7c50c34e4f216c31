/** pi / 2 to 32 bits, the next 32, and the rest: k times the first two is exact for k below 2^20. */
export const HALF_PI = [1.5707963267341256, 6.077100506303966e-11, 2.0222662487959506e-21] as const;
/** From here on, reduction needs more of 2 / pi than three parts have. */
export const LARGE = 2 ** 20;

/** 2 / pi in pieces of 24 bits, the first of weight 2^-24: the product of a float32 and a piece is exact in double. */
export const TWO_OVER_PI = [
  0xa2f983, 0x6e4e44, 0x1529fc, 0x2757d1, 0xf534dd, 0xc0db62, 0x95993c, 0x439041, 0xfe5163,
].map((piece, i) => piece * 2 ** (-24 * (i + 1)));
/** At and above each of these magnitudes of x, one more leading piece gives whole turns only: x times it is a multiple of 4. */
export const SKIPS = [2 ** 49, 2 ** 73, 2 ** 97, 2 ** 121];

/** Taylor's series of (sin r) / r in r^2, to r^14, and of cos r; from the highest coefficient down. */
export const SINE = [-1307674368000, 6227020800, -39916800, 362880, -5040, 120, -6, 1].map((n) => 1 / n);
export const COSINE = [-1 / 87178291200, 1 / 479001600, -1 / 3628800, 1 / 40320, -1 / 720, 1 / 24, -1 / 2, 1];

/** sin x as a float32, correctly rounded but for rare near ties, for every x; NaN for an infinite x. */
export function sin32(x: number): number {
  return Math.fround(sineAhead(x, 0));
}

/** cos x as a float32, correctly rounded but for rare near ties, for every x; NaN for an infinite x. */
export function cos32(x: number): number {
  return Math.fround(sineAhead(x, 1));
}

/**
 * sin(x + quarters pi / 2) for a float32 x, in double arithmetic from + - * and exact operations only, so that it
 * gives the same bits on every engine. x = k pi / 2 + r with |r| <= pi / 4; below 2^20, pi / 2 is taken in three
 * parts (Cody and Waite).
 */
function sineAhead(x: number, quarters: number): number {
  if (Math.abs(x) >= LARGE) return sineOfLarge(x, quarters);
  const k = Math.floor(x * (2 / Math.PI) + 0.5);
  const r = x - k * HALF_PI[0] - k * HALF_PI[1] - k * HALF_PI[2];
  return sineInQuadrant(k + quarters, r);
}

/**
 * The same for a large x (the idea of Payne and Hanek): x 2 / pi is summed over five pieces of 2 / pi, after those that
 * only give whole turns. No float32 is closer than 2^-30 to a multiple of pi / 2, relative to pi / 2; the sum is off by 2^-71.
 */
function sineOfLarge(x: number, quarters: number): number {
  const skipped = SKIPS.filter((from) => Math.abs(x) >= from).length;
  const [a, b, c, d, e] = TWO_OVER_PI.slice(skipped, skipped + 5).map((piece) => x * piece);
  // Both terms are at most 2, and have no bit below 2^-51: their sum is exact.
  const upper = withoutTurns(a) + withoutTurns(b);
  const k = Math.floor(upper + c + 0.5);
  return sineInQuadrant(k + quarters, (upper - k + c + (d + e)) * (Math.PI / 2));
}

/** Less the nearest multiple of 4, exactly. */
function withoutTurns(quarters: number): number {
  return quarters - 4 * Math.floor(quarters * 0.25 + 0.5);
}

/** sin(quadrant pi / 2 + r) for |r| up to pi / 4. */
function sineInQuadrant(quadrant: number, r: number): number {
  const square = r * r;
  const magnitude = quadrant & 1 ? polynomial(square, COSINE) : r * polynomial(square, SINE);
  return quadrant & 2 ? -magnitude : magnitude;
}

/** By Horner's rule. */
function polynomial(x: number, coefficients: readonly number[]): number {
  let sum = coefficients[0];
  for (let i = 1; i < coefficients.length; i++) sum = sum * x + coefficients[i];
  return sum;
}
