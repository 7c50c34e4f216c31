import type { Tensor } from '../tensor.js';
import type { FastKernel } from './fast-kernel.js';
import { matmulFast } from './kernels/matmul.js';
import { Runtime } from './runtime.js';

const KERNELS: readonly FastKernel[] = [matmulFast];

/** The runtime of this process, made when first needed; null where the engine has no SIMD. */
let runtime: Runtime | null | undefined;

export function sharedRuntime(): Runtime | null {
  if (runtime === undefined) {
    try {
      runtime = new Runtime(KERNELS.flatMap(({ functions }) => functions));
    } catch {
      runtime = null;
    }
  }
  return runtime;
}

/** Kernels by op on the runtime of this process; null where the engine has no SIMD. */
export function simdBackend(): {
  readonly name: 'simd';
  compute(op: string, out: Tensor, inputs: readonly Tensor[], attributes: unknown): boolean;
} | null {
  const shared = sharedRuntime();
  if (shared === null) return null;
  const kernels = new Map(KERNELS.map((kernel) => [kernel.op, kernel]));
  return {
    name: 'simd',
    compute: (op, out, inputs, attributes) =>
      out.dtype === 'float32' && (kernels.get(op)?.run(shared, out, inputs, attributes) ?? false),
  };
}
