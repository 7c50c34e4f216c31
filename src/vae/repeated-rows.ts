import { broadcastTo, reshape } from '../autograd/index.js';
import type { Tensor } from '../tensor/tensor.js';

/** All rows, n times over: [n * rows, ...] from [rows, ...]. */
export function repeatedRows(x: Tensor, n: number): Tensor {
  if (n === 1) return x;
  const [rows, ...rest] = x.shape;
  return reshape(broadcastTo(x, { shape: [n, rows, ...rest] }), { shape: [n * rows, ...rest] });
}
