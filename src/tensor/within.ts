import { backend } from './current-backend.js';
import type { Tensor } from './tensor.js';

/** Fewer numbers are looked at more quickly here. */
const LEAST = 64;
const LARGEST_FLOAT32 = 3.4028234663852886e38;

const isWithin = ({ data }: Tensor, low: number, high: number): boolean => {
  for (let i = 0; i < data.length; i++) if (!(data[i] >= low && data[i] <= high)) return false;
  return true;
};

/**
 * Whether every element of every tensor is from `low` to `high`, both included. NaN is not.
 */
export function allWithin(tensors: readonly Tensor[], low: number, high: number): boolean {
  // Bounds that are no float32 numbers would change in a kernel.
  const exact = Math.fround(low) === low && Math.fround(high) === high;
  const quick = exact ? tensors.filter((t) => t.dtype === 'float32' && t.size >= LEAST) : [];
  const answer = quick.length > 0 ? backend().within(quick, low, high) : undefined;
  if (answer === false) return false;
  const rest = answer === undefined ? tensors : tensors.filter((t) => !quick.includes(t));
  return rest.every((t) => isWithin(t, low, high));
}

/** Whether every element of every tensor is a finite number. */
export function allFinite(tensors: readonly Tensor[]): boolean {
  const single = tensors.filter((t) => t.dtype === 'float32');
  const double = tensors.filter((t) => t.dtype === 'float64');
  return (
    allWithin(single, -LARGEST_FLOAT32, LARGEST_FLOAT32) &&
    allWithin(double, -Number.MAX_VALUE, Number.MAX_VALUE)
  );
}
