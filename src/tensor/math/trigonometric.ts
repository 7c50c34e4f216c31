/** pi / 2 to 32 bits, the next 32, and the rest: k times the first two is exact for k below 2^20. */
const HALF_PI_UPPER = 1.5707963267341256;
const HALF_PI_MIDDLE = 6.077100506303966e-11;
const HALF_PI_LOWER = 2.0222662487959506e-21;
/** From here on, reduction goes by integers. */
const LARGE = 2 ** 20;
/** floor(2^256 * 2 / pi). */
const TWO_OVER_PI = 0xa2f9836e4e441529fc2757d1f534ddc0db6295993c439041fe5163abdebbc561n;
const TWO_OVER_PI_BITS = 256n;

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
 * gives the same bits on every engine. x = k pi / 2 + r with |r| <= pi / 4; below 2^20 pi / 2 is taken in three
 * parts (Cody and Waite), beyond with 256 bits of 2 / pi (the idea of Payne and Hanek, in BigInt).
 */
function sineAhead(x: number, quarters: number): number {
  if (!Number.isFinite(x)) return Number.NaN;
  if (Math.abs(x) >= LARGE) return sineOfLarge(x, quarters);
  const k = Math.floor(x * (2 / Math.PI) + 0.5);
  const r = x - k * HALF_PI_UPPER - k * HALF_PI_MIDDLE - k * HALF_PI_LOWER;
  return sineInQuadrant(k + quarters, r);
}

function sineOfLarge(x: number, quarters: number): number {
  // A float32 of this size is a multiple of 1/8.
  const fractionBits = TWO_OVER_PI_BITS + 3n;
  const turns = BigInt(x * 8) * TWO_OVER_PI;
  const k = (turns + (1n << (fractionBits - 1n))) >> fractionBits;
  const rest = Number(turns - (k << fractionBits)) * 2 ** -Number(fractionBits);
  return sineInQuadrant(Number(k & 3n) + quarters, rest * (Math.PI / 2));
}

/** sin(quadrant pi / 2 + r) for |r| up to pi / 4. */
function sineInQuadrant(quadrant: number, r: number): number {
  const size = quadrant & 1 ? cosineReduced(r) : sineReduced(r);
  return quadrant & 2 ? -size : size;
}

/** Taylor's series to r^15. */
function sineReduced(r: number): number {
  const square = r * r;
  let p = (-1 / 1307674368000) * square + 1 / 6227020800;
  p = p * square - 1 / 39916800;
  p = p * square + 1 / 362880;
  p = p * square - 1 / 5040;
  p = p * square + 1 / 120;
  p = p * square - 1 / 6;
  return r * (p * square + 1);
}

/** Taylor's series to r^14. */
function cosineReduced(r: number): number {
  const square = r * r;
  let p = (-1 / 87178291200) * square + 1 / 479001600;
  p = p * square - 1 / 3628800;
  p = p * square + 1 / 40320;
  p = p * square - 1 / 720;
  p = p * square + 1 / 24;
  p = p * square - 1 / 2;
  return p * square + 1;
}
