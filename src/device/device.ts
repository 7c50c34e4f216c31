import type { DType, TensorData } from '../tensor/dtype.js';
import type { Shape } from '../tensor/shape.js';
import { Tensor } from '../tensor/tensor.js';
import type { Kernels } from './kernels.js';

/** 'simd': kernels emitted when first needed; 'plain': TypeScript alone. Results are the same in every bit. */
export type BackendName = 'simd' | 'plain';

/** How work is done fast. A device computes what its kernels take, or declines; then the plain kernel runs. */
export interface Device {
  readonly name: BackendName;
  /** Threads that share large jobs: 1 where threads cannot share memory. */
  readonly threads: number;
  /** What is refused here and makes the device slower than it could be, with the reason, in words. */
  readonly limits: readonly string[];
  /**
   * A tensor whose elements are undefined, where the device's kernels can work on it in place: in memory that this side sees
   * too, or, made by `Tensor.elsewhere`, in memory that only the device has.
   */
  allocate(shape: Shape, dtype: DType): Tensor;
  /** Fills `out` and returns true, or leaves it as it is and returns false. */
  run<Attributes, Out, Inputs>(
    kernels: Kernels<Attributes, Out, Inputs>,
    out: Out,
    inputs: Inputs,
    attributes: Attributes,
  ): boolean;
  /**
   * The elements of a tensor that the device has allocated. It is asked for when `data` is first needed (by `item`, `toArray`, a
   * plain kernel); from then on the array holds the elements, and may be written to: a copy in the device's memory is stale.
   */
  read(x: Tensor): TensorData;
}

/** No kernels: every op runs its plain definition. */
export const plainDevice: Device = {
  name: 'plain',
  threads: 1,
  limits: [],
  allocate: (shape, dtype) => Tensor.uninitialized(shape, dtype),
  run: () => false,
  read: (x) => x.data,
};
