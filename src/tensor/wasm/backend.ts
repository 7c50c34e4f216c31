import type { Tensor } from '../tensor.js';
import type { FastKernel } from './fast-kernel.js';
import { elementwiseKernels } from './kernels/elementwise-ops.js';
import { matmulFast } from './kernels/matmul.js';
import { meanKernel, sumKernel } from './kernels/sum.js';
import { hasSimd, Runtime } from './runtime.js';

const KERNELS: readonly FastKernel[] = [matmulFast, sumKernel, meanKernel, ...elementwiseKernels];

/** The runtime of this process, made when first needed; null where the engine has no SIMD. */
let runtime: Runtime | null | undefined;

function sharedRuntime(): Runtime | null {
  if (runtime === undefined) {
    const functions = new Set(KERNELS.flatMap((kernel) => kernel.functions));
    runtime = hasSimd() ? new Runtime([...functions]) : null;
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
