import { allocate, type TensorData } from '../dtype.js';
import { type Shape, sizeOf, stridesOf } from '../shape.js';
import type { Tensor } from '../tensor.js';
import { copySize, copyStrided, reversed, type StridedCopy, stridedCopy } from './strided.js';
import { walk } from './walk.js';

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

/** The smallest element; NaN if any is. */
export function minOf(row: TensorData): number {
  let smallest = Number.POSITIVE_INFINITY;
  for (let i = 0; i < row.length; i++) {
    if (!(row[i] >= smallest)) smallest = row[i];
    if (Number.isNaN(smallest)) return smallest;
  }
  return smallest;
}

/** Where a value, which may be NaN, stands first. */
const indexOf = (row: TensorData, value: number): number =>
  Number.isNaN(value) ? row.findIndex(Number.isNaN) : row.indexOf(value);

/** The first place of the largest element, or of NaN if there is one. */
export const indexOfMax = (row: TensorData): number => indexOf(row, maxOf(row));

/** The first place of the smallest element, or of NaN if there is one. */
export const indexOfMin = (row: TensorData): number => indexOf(row, minOf(row));

/** The offset of every element of the sub-array that `axes` span, in row-major order. */
function offsetsOver(shape: Shape, axes: readonly number[]): Int32Array {
  const strides = stridesOf(shape);
  const sizes = axes.map((axis) => shape[axis]);
  const offsets = new Int32Array(sizeOf(sizes));
  walk(sizes, [axes.map((axis) => strides[axis])], (at, [offset]) => {
    offsets[at] = offset;
  });
  return offsets;
}

/** The rows of a reduction over `axes`: where each begins, and the copy that makes one contiguous. */
function rowsOf(shape: Shape, axes: readonly number[]): { bases: Int32Array; copy: StridedCopy } {
  const kept = shape.map((_, d) => d).filter((d) => !axes.includes(d));
  const row = axes.map((axis) => shape[axis]);
  const strides = stridesOf(shape);
  return {
    bases: offsetsOver(shape, kept),
    copy: stridedCopy(
      row,
      axes.map((axis) => strides[axis]),
      stridesOf(row),
    ),
  };
}

/**
 * Visits every row of `x` that a reduction over `axes` turns into one number, as a contiguous copy that is valid during the
 * call.
 */
export function forEachRow(
  x: Tensor,
  axes: readonly number[],
  visit: (row: TensorData, index: number) => void,
): void {
  const { bases, copy } = rowsOf(x.shape, axes);
  const row = allocate(x.dtype, copySize(copy));
  for (let index = 0; index < bases.length; index++) {
    copyStrided(row, x.data, copy, bases[index]);
    visit(row, index);
  }
}

/** out = x with every row along `axes` changed by `change`, which writes into a contiguous copy of the row. */
export function mapRows(
  out: Tensor,
  x: Tensor,
  axes: readonly number[],
  change: (row: TensorData) => void,
): void {
  const { bases, copy } = rowsOf(x.shape, axes);
  const back = reversed(copy);
  forEachRow(x, axes, (row, index) => {
    change(row);
    copyStrided(out.data, row, back, 0, bases[index]);
  });
}
