import type { Tensor } from '../../tensor/tensor.js';
import type { Runtime } from './runtime.js';

/**
 * A fast way to compute something in float32: the bits of the plain kernel, or nothing at all. `run` returns false, with
 * `out` untouched, where it does not pay or the operands are not of a kind it knows.
 */
export interface FastKernel<Attributes = unknown, Out = Tensor, Inputs = readonly Tensor[]> {
  /** For messages. */
  readonly name: string;
  readonly run: (runtime: Runtime, out: Out, inputs: Inputs, attributes: Attributes) => boolean;
}
