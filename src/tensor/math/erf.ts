import { expDouble } from './double.js';

/**
 * The error function and the normal distribution function.
 *
 * For z >= 0, erfc z = e^(-z^2) (1 - t) G(t) with t = (z - 3) / (z + 3), which takes [0, Infinity) to [-1, 1)
 * (the mapping is J. L. Schonfelder's, "Chebyshev expansions for the error and related functions",
 * Mathematics of Computation 32, 1978). G interpolates e^(z^2) erfc(z) / (1 - t) at Chebyshev nodes in t, computed
 * in 60-digit arithmetic: at 25 nodes its relative error is 2e-17, at 15 nodes 3e-11. The factor e^(-z^2) stands
 * apart, so that the tail keeps its relative accuracy until underflow.
 */
const SCALED_TAIL_64 = [
  0.17900115118138996, -0.14723240886164723, 0.09837139285068362, -0.051744543650097265, 0.019921293547882763,
  -0.004471205770673611, -0.0002020694378968332, 0.0005056769993234036, -9.138494820869466e-5,
  -4.612963553889786e-5, 1.7926911125639648e-5, 5.066341393274067e-6, -2.9117459962571054e-6,
  -7.915033013235657e-7, 4.608579986002746e-7, 1.664670753039047e-7, -6.792814071137164e-8,
  -3.897289330072531e-8, 7.609116728709525e-9, 8.528490257752719e-9, -1.1922918575825302e-10,
  -1.4481953827892718e-9, -1.799172879751796e-10, 1.3504447706672096e-10, 3.017135947272921e-11,
];
export const SCALED_TAIL_32 = [
  0.17900115118138996, -0.14723240879405602, 0.09837139281187444, -0.051744546189254684, 0.019921295002335995,
  -0.004471177925935295, -0.0002020852944679493, 0.0005055407272130745, -9.130816747558052e-5,
  -4.578056674369224e-5, 1.7733861662873554e-5, 4.56933007058846e-6, -2.6462042538721105e-6,
  -3.9795597958139433e-7, 2.6544016444586585e-7,
];
/** Beyond this z, erfc z is 0 in float64 (erfc 27.3 is below 2^-1075). */
export const TAIL_END = 28;

/** e^(z^2) erfc z for z >= 0. */
function scaledTail(z: number, coefficients: readonly number[]): number {
  const t = (z - 3) / (z + 3);
  let sum = 0;
  for (let i = coefficients.length - 1; i >= 0; i--) sum = sum * t + coefficients[i];
  return (1 - t) * sum;
}

/** e^(-z^2 scale), the square taken in two parts so that its rounding does not show in the result. */
function gaussian64(z: number, scale: number): number {
  const upper = Math.fround(z);
  return Math.exp(-upper * upper * scale) * Math.exp((upper - z) * (upper + z) * scale);
}

/** erf x by Taylor's series, for |x| below 1/2: 2 / sqrt(pi) times the sum of (-1)^n x^(2n+1) / (n! (2n+1)). */
function erfNearZero(x: number): number {
  const square = x * x;
  let p = (1 / 76204800) * square - 1 / 6894720;
  p = p * square + 1 / 685440;
  p = p * square - 1 / 75600;
  p = p * square + 1 / 9360;
  p = p * square - 1 / 1320;
  p = p * square + 1 / 216;
  p = p * square - 1 / 42;
  p = p * square + 1 / 10;
  p = p * square - 1 / 3;
  return x * (p * square + 1) * (2 / Math.sqrt(Math.PI));
}

/** The error function in float64, absolute and relative error about 2e-16. */
export function erf64(x: number): number {
  const z = Math.abs(x);
  if (z < 0.5) return erfNearZero(x);
  const magnitude = 1 - erfc64(z);
  return x < 0 ? -magnitude : magnitude;
}

/** The complementary error function 1 - erf x in float64, relative error about 1e-15 as far as 1e-308. */
export function erfc64(x: number): number {
  const z = Math.min(Math.abs(x), TAIL_END);
  if (z < 0.5) return 1 - erfNearZero(x);
  const tail = gaussian64(z, 1) * scaledTail(z, SCALED_TAIL_64);
  return x < 0 ? 2 - tail : tail;
}

/** The standard normal distribution function erfc(-x / sqrt(2)) / 2 in float64, relative error about 1e-15. */
export function normalCdf64(x: number): number {
  const a = Math.min(Math.abs(x), TAIL_END * Math.SQRT2);
  const tail = 0.5 * gaussian64(a, 0.5) * scaledTail(a * Math.SQRT1_2, SCALED_TAIL_64);
  return x > 0 ? 1 - tail : tail;
}

/** The error function as a float32; evaluated in double, rounded once. */
export function erf32(x: number): number {
  const z = Math.abs(x);
  if (z < 0.5) return Math.fround(erfNearZero(x));
  const magnitude = 1 - tail32(Math.min(z, TAIL_END));
  return Math.fround(x < 0 ? -magnitude : magnitude);
}

/** 1 - erf x as a float32; evaluated in double, rounded once. */
export function erfc32(x: number): number {
  const z = Math.min(Math.abs(x), TAIL_END);
  if (z < 0.5) return Math.fround(1 - erfNearZero(x));
  const tail = tail32(z);
  return Math.fround(x < 0 ? 2 - tail : tail);
}

/** The standard normal distribution function erfc(-x / sqrt(2)) / 2 as a float32; evaluated in double, rounded once. */
export function normalCdf32(x: number): number {
  const a = Math.min(Math.abs(x), TAIL_END);
  const tail = 0.5 * expDouble(-0.5 * a * a) * scaledTail(a * Math.SQRT1_2, SCALED_TAIL_32);
  return Math.fround(x > 0 ? 1 - tail : tail);
}

function tail32(z: number): number {
  return expDouble(-z * z) * scaledTail(z, SCALED_TAIL_32);
}
