import { backend } from '../../device/current.js';
import { fastWithin } from '../../device/wasm/kernels/within.js';
import { maxFinite, type TensorData } from '../../tensor/dtype.js';
import type { Tensor } from '../../tensor/tensor.js';

/** Fewer numbers are looked at faster by a plain loop. */
const MIN_SIZE = 64;

const kernels = { wasm: fastWithin };

/** Whether a kernel found all numbers between two float32 bounds; false also where none ran. */
export function allInside(arrays: readonly Float32Array[], low: number, high: number): boolean {
  const answer = new Uint8Array(1);
  return backend().run(kernels, answer, arrays, { low, high }) && answer[0] === 1;
}

const isWithin = (data: TensorData, low: number, high: number): boolean => {
  for (let i = 0; i < data.length; i++) if (!(data[i] >= low && data[i] <= high)) return false;
  return true;
};

/** Whether every element of every tensor is from `low` to `high`, both included; NaN is not. */
export function allWithin(tensors: readonly Tensor[], low: number, high: number): boolean {
  const large: Float32Array[] = [];
  const rest: TensorData[] = [];
  // Bounds that are no float32 numbers would change in a kernel.
  const exact = Math.fround(low) === low && Math.fround(high) === high;
  for (const { data } of tensors) {
    if (exact && data instanceof Float32Array && data.length >= MIN_SIZE) large.push(data);
    else rest.push(data);
  }
  const inside = large.length === 0 || allInside(large, low, high);
  return (
    (inside || large.every((data) => isWithin(data, low, high))) &&
    rest.every((data) => isWithin(data, low, high))
  );
}

/** Whether every element of every tensor is a finite number. */
export const allFinite = (tensors: readonly Tensor[]): boolean =>
  (['float32', 'float64'] as const).every((dtype) =>
    allWithin(
      tensors.filter((t) => t.dtype === dtype),
      -maxFinite(dtype),
      maxFinite(dtype),
    ),
  );
