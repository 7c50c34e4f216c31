import { LARGEST_FLOAT32, withinWork } from '../device/wasm/kernels/within.js';
import { backend } from './current-backend.js';
import type { TensorData } from './dtype.js';
import type { Tensor } from './tensor.js';

/** Fewer numbers are looked at more quickly here. */
const LEAST = 64;

const isWithin = (data: TensorData, low: number, high: number): boolean => {
  for (let i = 0; i < data.length; i++) if (!(data[i] >= low && data[i] <= high)) return false;
  return true;
};

/** Whether every element of every tensor is from `low` to `high`, both included; NaN is not. */
export function allWithin(tensors: readonly Tensor[], low: number, high: number): boolean {
  const quick: Float32Array[] = [];
  const rest: TensorData[] = [];
  // Bounds that are no float32 numbers would change in a kernel.
  const exact = Math.fround(low) === low && Math.fround(high) === high;
  for (const { data } of tensors) {
    if (exact && data instanceof Float32Array && data.length >= LEAST) quick.push(data);
    else rest.push(data);
  }
  const answer = quick.length > 0 ? backend().work(withinWork, { arrays: quick, low, high }) : true;
  if (answer === undefined) rest.push(...quick);
  return answer !== false && rest.every((data) => isWithin(data, low, high));
}

/** Whether every element of every tensor is a finite number. */
export const allFinite = (tensors: readonly Tensor[]): boolean =>
  allWithin(
    tensors.filter((t) => t.dtype === 'float32'),
    -LARGEST_FLOAT32,
    LARGEST_FLOAT32,
  ) &&
  allWithin(
    tensors.filter((t) => t.dtype === 'float64'),
    -Number.MAX_VALUE,
    Number.MAX_VALUE,
  );
