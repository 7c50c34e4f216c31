import { Random } from '../src/index.js';
import * as math from '../src/tensor/math/index.js';
import { allExponents, bothSigns, spread, ulpError } from '../test/tensor/math/ulp.js';

/** How far float32 results are from float64 ones, in units of the last place of the latter. */
export interface Accuracy {
  readonly name: string;
  readonly largest: number;
  readonly mean: number;
  /** Shares of the results by error: up to 0.5 (the nearest float32), up to 1, up to 2, above. */
  readonly shares: readonly [nearest: number, one: number, two: number, above: number];
}

function accuracyOf(name: string, got: ArrayLike<number>, exact: ArrayLike<number>): Accuracy {
  const counts: [number, number, number, number] = [0, 0, 0, 0];
  let largest = 0;
  let total = 0;
  for (let i = 0; i < got.length; i++) {
    const error = ulpError(got[i], exact[i]);
    largest = Math.max(largest, error);
    total += error;
    // The nearest float32 may be half a unit off, and the float64 result a little more.
    counts[error <= 0.5001 ? 0 : error <= 1 ? 1 : error <= 2 ? 2 : 3]++;
  }
  const [a, b, c, d] = counts.map((count) => count / got.length);
  return { name, largest, mean: total / got.length, shares: [a, b, c, d] };
}

/** Where each function is measured besides numbers of all exponents: where its result is neither 0 nor saturated. */
const functions: readonly (readonly [name: string, f: math.ScalarFunction, dense: Float32Array])[] = [
  ['exp', math.exp, bothSigns(spread(1e-3, 104, 100_000))],
  ['log', math.log, spread(0.25, 4, 200_000)],
  ['tanh', math.tanh, spread(1e-2, 10, 200_000)],
  ['sigmoid', math.sigmoid, bothSigns(spread(1e-2, 104, 100_000))],
  ['softplus', math.softplus, bothSigns(spread(1e-2, 104, 100_000))],
  ['expm1', math.expm1, bothSigns(spread(1e-2, 90, 100_000))],
  ['log1p', math.log1p, bothSigns(spread(1e-2, 1, 100_000))],
  ['sin', math.sin, spread(1e-2, 1e4, 200_000)],
  ['cos', math.cos, spread(1e-2, 1e4, 200_000)],
  ['erf', math.erf, spread(1e-2, 4, 200_000)],
  ['normalCdf', math.normalCdf, bothSigns(spread(1e-2, 15, 100_000))],
];

const DRAWS = 400_000;

/** The accuracy of each float32 function, and of normal draws: the same words in float32 and in float64. */
export function accuracies(): Accuracy[] {
  const everywhere = allExponents(200_000);
  const draws = (): readonly [Float32Array, Float64Array] => [
    new Random(0).stream('accuracy').normal(new Float32Array(DRAWS)),
    new Random(0).stream('accuracy').normal(new Float64Array(DRAWS)),
  ];
  return [
    ...functions.map(([name, { f32, f64 }, dense]) => {
      const points = Float64Array.from([...everywhere, ...dense]);
      return accuracyOf(
        name,
        points.map((x) => f32(x)),
        points.map((x) => f64(x)),
      );
    }),
    accuracyOf('normal draws', ...draws()),
  ];
}
