import type { Tensor } from '../../tensor/tensor.js';
import type { Runtime } from './runtime.js';

/**
 * A quick way to compute an op on float32 tensors: the same bits as its plain kernel, or nothing at all.
 * It returns false, with `out` untouched, where it does not pay or the shapes are not of a kind it knows.
 */
export interface FastKernel {
  /** The op it stands in for. */
  readonly op: string;
  run(runtime: Runtime, out: Tensor, inputs: readonly Tensor[], attributes: unknown): boolean;
}
