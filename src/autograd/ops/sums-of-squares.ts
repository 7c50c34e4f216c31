import { backend } from '../../device/current.js';
import { fastSquares } from '../../device/wasm/kernels/squares.js';
import { sumOfSquares } from '../../tensor/kernels/squares.js';

const kernels = { wasm: fastSquares };

/** The sum of the squares of each array, in float64: the squares are exact and cannot overflow. */
export function sumsOfSquares(arrays: readonly Float32Array[]): Float64Array {
  const sums = new Float64Array(arrays.length);
  if (!backend().run(kernels, sums, arrays, undefined)) sums.set(arrays.map(sumOfSquares));
  return sums;
}
