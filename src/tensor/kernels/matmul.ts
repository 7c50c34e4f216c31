import { allocate, type TensorData } from '../dtype.js';
import { broadcastStrides } from '../shape.js';
import type { Tensor } from '../tensor.js';
import { walk } from './walk.js';

export interface MatmulLayout {
  readonly transposeA: boolean;
  readonly transposeB: boolean;
}

/** The sizes of a product [m, k] · [k, n], after transposing. */
export interface MatmulSizes {
  readonly m: number;
  readonly k: number;
  readonly n: number;
}

export function matmulSizes(out: Tensor, a: Tensor, { transposeA }: MatmulLayout): MatmulSizes {
  return {
    m: out.shape[out.rank - 2],
    n: out.shape[out.rank - 1],
    k: a.shape[a.rank - (transposeA ? 2 : 1)],
  };
}

/** Visits the products of a broadcast batch: the number of each, and where its matrices begin in a and b. */
export function eachProduct(
  out: Tensor,
  operands: readonly Tensor[],
  visit: (index: number, aAt: number, bAt: number) => void,
): void {
  if (out.rank === 2) {
    visit(0, 0, 0);
    return;
  }
  const batch = out.shape.slice(0, -2);
  const strides = operands.map((t) => {
    const matrix = t.shape[t.rank - 2] * t.shape[t.rank - 1];
    return broadcastStrides(t.shape.slice(0, -2), batch).map((stride) => stride * matrix);
  });
  walk(batch, strides, (index, [aAt, bAt]) => visit(index, aAt, bAt));
}

/** A matrix of shape [rows, columns], transposed. */
function transposed(source: TensorData, rows: number, columns: number): TensorData {
  const out = allocate(source instanceof Float32Array ? 'float32' : 'float64', rows * columns);
  for (let r = 0; r < rows; r++) {
    for (let c = 0; c < columns; c++) out[c * rows + r] = source[r * columns + c];
  }
  return out;
}

function hasNonFinite(x: TensorData): boolean {
  for (let i = 0; i < x.length; i++) if (!Number.isFinite(x[i])) return true;
  return false;
}

/**
 * c = a · b for row-major [m, k] and [k, n], into a c of zeros. The definition of a product's bits: every element
 * of c starts from +0 and adds its k products in order, product and sum rounded in the dtype. Two things make it
 * faster and change no bit: the loop order (i, k, j) with four k at a time, and leaving out zero factors of a, since
 * a sum that starts at +0 is not changed by adding 0 * b while b is finite.
 */
function multiply32(c: Float32Array, a: TensorData, b: TensorData, { m, k, n }: MatmulSizes): void {
  const keepZeros = hasNonFinite(b);
  const factors = new Float32Array(k);
  const rows = new Int32Array(k);
  for (let i = 0; i < m; i++) {
    const row = i * n;
    let count = 0;
    for (let p = 0; p < k; p++) {
      const factor = a[i * k + p];
      if (factor === 0 && !keepZeros) continue;
      factors[count] = factor;
      rows[count++] = p * n;
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
function multiply64(c: TensorData, a: TensorData, b: TensorData, { m, k, n }: MatmulSizes): void {
  for (let i = 0; i < m; i++) {
    for (let p = 0; p < k; p++) {
      const factor = a[i * k + p];
      for (let j = 0; j < n; j++) c[i * n + j] += factor * b[p * n + j];
    }
  }
}

/** out = op(a) · op(b) over the last two dimensions; leading ones are a broadcast batch. */
export function matmulKernel(out: Tensor, [a, b]: readonly Tensor[], layout: MatmulLayout): void {
  const sizes = matmulSizes(out, a, layout);
  const { m, k, n } = sizes;
  eachProduct(out, [a, b], (index, aAt, bAt) => {
    const given = { a: a.data.subarray(aAt, aAt + m * k), b: b.data.subarray(bAt, bAt + k * n) };
    const left = layout.transposeA ? transposed(given.a, k, m) : given.a;
    const right = layout.transposeB ? transposed(given.b, n, k) : given.b;
    const c = out.data.subarray(index * m * n, (index + 1) * m * n);
    if (c instanceof Float32Array) multiply32(c, left, right, sizes);
    else multiply64(c, left, right, sizes);
  });
}
