import { allocate, type TensorData } from '../dtype.js';
import { broadcastStrides } from '../shape.js';
import type { Tensor } from '../tensor.js';
import { walk } from './elementwise.js';

export interface MatmulLayout {
  readonly transposeA: boolean;
  readonly transposeB: boolean;
}

/** `source` of shape [rows, columns] at `offset`, transposed into `out`. */
function transposeInto(
  out: TensorData,
  source: TensorData,
  offset: number,
  rows: number,
  columns: number,
): void {
  for (let r = 0; r < rows; r++) {
    for (let c = 0; c < columns; c++) out[c * rows + r] = source[offset + r * columns + c];
  }
}

const allFinite = (x: TensorData, from: number, to: number): boolean => {
  for (let i = from; i < to; i++) if (!Number.isFinite(x[i])) return false;
  return true;
};

/**
 * c += a · b for row-major [m, k] and [k, n]. The definition of a product's bits: every element of c starts
 * from +0 and adds its k products in order, product and sum rounded in the dtype. Two things make it quicker
 * and change no bit: the loop order (i, k, j) with four k at a time, and leaving out zero factors of a, since
 * a sum that starts at +0 is not changed by adding 0 * b while b is finite.
 */
function multiplyAdd32(
  c: Float32Array,
  cAt: number,
  a: TensorData,
  aAt: number,
  b: TensorData,
  bAt: number,
  m: number,
  k: number,
  n: number,
): void {
  const keepZeros = !allFinite(b, bAt, bAt + k * n);
  const factors = new Float32Array(k);
  const rows = new Int32Array(k);
  for (let i = 0; i < m; i++) {
    const row = cAt + i * n;
    let count = 0;
    for (let p = 0; p < k; p++) {
      const factor = a[aAt + i * k + p];
      if (factor === 0 && !keepZeros) continue;
      factors[count] = factor;
      rows[count++] = bAt + p * n;
    }
    let p = 0;
    for (; p + 4 <= count; p += 4) {
      const [f0, f1, f2, f3] = [factors[p], factors[p + 1], factors[p + 2], factors[p + 3]];
      const [r0, r1, r2, r3] = [rows[p], rows[p + 1], rows[p + 2], rows[p + 3]];
      for (let j = 0; j < n; j++) {
        let sum = Math.fround(c[row + j] + Math.fround(f0 * b[r0 + j]));
        sum = Math.fround(sum + Math.fround(f1 * b[r1 + j]));
        sum = Math.fround(sum + Math.fround(f2 * b[r2 + j]));
        c[row + j] = Math.fround(sum + Math.fround(f3 * b[r3 + j]));
      }
    }
    for (; p < count; p++) {
      const factor = factors[p];
      const from = rows[p];
      for (let j = 0; j < n; j++) c[row + j] = Math.fround(c[row + j] + Math.fround(factor * b[from + j]));
    }
  }
}

/** The same in float64, where storing is the only rounding. */
function multiplyAdd64(
  c: TensorData,
  cAt: number,
  a: TensorData,
  aAt: number,
  b: TensorData,
  bAt: number,
  m: number,
  k: number,
  n: number,
): void {
  for (let i = 0; i < m; i++) {
    const row = cAt + i * n;
    for (let p = 0; p < k; p++) {
      const s = a[aAt + i * k + p];
      const from = bAt + p * n;
      for (let j = 0; j < n; j++) c[row + j] += s * b[from + j];
    }
  }
}

/** out = op(a) · op(b) over the last two dimensions; leading ones are a broadcast batch. */
export function matmulKernel(
  out: Tensor,
  [a, b]: readonly Tensor[],
  { transposeA, transposeB }: MatmulLayout,
): void {
  const [m, n] = out.shape.slice(-2);
  const k = a.shape[a.rank - (transposeA ? 2 : 1)];
  const batch = out.shape.slice(0, -2);
  const strides = [a, b].map((t) => {
    const matrix = t.shape[t.rank - 2] * t.shape[t.rank - 1];
    return broadcastStrides(t.shape.slice(0, -2), batch).map((stride) => stride * matrix);
  });
  const left = transposeA ? allocate(a.dtype, m * k) : a.data;
  const right = transposeB ? allocate(b.dtype, k * n) : b.data;
  walk(batch, strides, (at, [aAt, bAt]) => {
    if (transposeA) transposeInto(left, a.data, aAt, k, m);
    if (transposeB) transposeInto(right, b.data, bAt, n, k);
    const from = transposeA ? 0 : aAt;
    const to = transposeB ? 0 : bAt;
    if (out.data instanceof Float32Array) multiplyAdd32(out.data, at * m * n, left, from, right, to, m, k, n);
    else multiplyAdd64(out.data, at * m * n, left, from, right, to, m, k, n);
  });
}
