import { allocate, type TensorData } from '../dtype.js';
import { type Shape, sizeOf, stridesOf } from '../shape.js';
import type { Tensor } from '../tensor.js';
import { walk } from './elementwise.js';

/** Interleaved partial sums of a block; two SIMD registers of float32. */
const LANES = 8;
/** Elements summed in lanes before blocks are added in pairs, which keeps the error growth logarithmic. */
const BLOCK = 1024;

/**
 * The definition of a sum: element i of a block of 1024 goes to lane i mod 8, in order; lanes are added as
 * ((0+4)+(2+6)) + ((1+5)+(3+7)); block sums are added in neighbouring pairs until one is left.
 * Every partial result is stored, and so rounded, in the dtype of `row`. The sum of nothing is 0.
 */
export function sumTree(row: TensorData): number {
  const dtype = row instanceof Float32Array ? 'float32' : 'float64';
  let count = Math.max(1, Math.ceil(row.length / BLOCK));
  const sums = allocate(dtype, count);
  const lanes = allocate(dtype, LANES);
  for (let block = 0; block < count; block++) {
    lanes.fill(0);
    const start = block * BLOCK;
    const end = Math.min(row.length, start + BLOCK);
    for (let i = start; i < end; i++) lanes[i % LANES] += row[i];
    for (let half = LANES / 2; half >= 1; half /= 2) {
      for (let lane = 0; lane < half; lane++) lanes[lane] += lanes[lane + half];
    }
    sums[block] = lanes[0];
  }
  for (; count > 1; count = Math.ceil(count / 2)) {
    for (let i = 0; i < count; i += 2) {
      sums[i / 2] = sums[i];
      if (i + 1 < count) sums[i / 2] += sums[i + 1];
    }
  }
  return sums[0];
}

/** The largest element; NaN if any is. */
export function maxOf(row: TensorData): number {
  let largest = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < row.length; i++) {
    if (!(row[i] <= largest)) largest = row[i];
    if (Number.isNaN(largest)) return largest;
  }
  return largest;
}

/** Offsets of every element of the sub-array that `axes` span, in row-major order. */
function offsetsOver(shape: Shape, axes: readonly number[]): Int32Array {
  const strides = stridesOf(shape);
  const sizes = axes.map((axis) => shape[axis]);
  const offsets = new Int32Array(sizeOf(sizes));
  walk(sizes, [axes.map((axis) => strides[axis])], (at, [offset]) => {
    offsets[at] = offset;
  });
  return offsets;
}

/**
 * Visits every row of `x` that a reduction over `axes` turns into one number: `row` holds its elements
 * contiguously (valid during the call), `offsets` where each came from, relative to `base`.
 */
export function forEachRow(
  x: Tensor,
  axes: readonly number[],
  visit: (row: TensorData, index: number, base: number, offsets: Int32Array) => void,
): void {
  const kept = x.shape.map((_, i) => i).filter((i) => !axes.includes(i));
  const bases = offsetsOver(x.shape, kept);
  const offsets = offsetsOver(x.shape, axes);
  const row = allocate(x.dtype, offsets.length);
  for (let index = 0; index < bases.length; index++) {
    const base = bases[index];
    for (let i = 0; i < offsets.length; i++) row[i] = x.data[base + offsets[i]];
    visit(row, index, base, offsets);
  }
}
