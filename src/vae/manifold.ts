import { checkNumber } from '../tensor/check-number.js';
import * as math from '../tensor/math/index.js';
import { Tensor } from '../tensor/tensor.js';

/**
 * The quantile of the standard normal distribution: x with P(X <= x) = p, by bisection of its distribution function.
 * @throws RangeError unless 0 < p < 1.
 */
export function normalQuantile(p: number): number {
  checkNumber(p, { above: 0, below: 1 }, 'p', 'normalQuantile');
  if (p === 0.5) return 0;
  if (p > 0.5) return -normalQuantile(1 - p);
  let [low, high] = [-40, 0];
  for (let middle = -20; low < middle && middle < high; middle = (low + high) / 2) {
    if (math.normalCdf.f64(middle) < p) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/**
 * Codes on a square grid over the plane, [side * side, 2], row after row from the top left: equal steps in
 * probability under the prior, so that every part of the grid stands for as many samples
 * (Kingma & Welling 2014, appendix A). The first coordinate grows to the right, the second upwards.
 */
export function manifoldCodes(side: number, dtype: 'float32' | 'float64' = 'float32'): Tensor {
  const quantiles = Array.from({ length: side }, (_, i) => normalQuantile((i + 0.5) / side));
  const codes = Tensor.empty([side * side, 2], dtype);
  for (let row = 0; row < side; row++) {
    for (let column = 0; column < side; column++) {
      const at = 2 * (row * side + column);
      codes.data[at] = quantiles[column];
      codes.data[at + 1] = quantiles[side - 1 - row];
    }
  }
  return codes;
}
