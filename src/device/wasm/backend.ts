import type { Backend } from '../../tensor/backend.js';
import { engineMemory } from '../../tensor/memory/memory.js';
import { hasSimd } from './engine.js';
import type { FastKernel } from './fast-kernel.js';
import { elementwiseKernel } from './kernels/elementwise-ops.js';
import { runFused } from './kernels/fused.js';
import { layoutKernels } from './kernels/layout.js';
import { productKernels } from './kernels/matmul/index.js';
import { softmaxKernels } from './kernels/softmax.js';
import { reductionKernels } from './kernels/sum.js';
import { Runtime } from './runtime.js';

const KERNELS: readonly FastKernel[] = [
  ...layoutKernels,
  ...productKernels,
  ...reductionKernels,
  ...softmaxKernels,
];

/** Made when first needed, one for the process; null where the engine has no SIMD. */
let made: Backend | null | undefined;

function make(): Backend | null {
  const memory = hasSimd() ? engineMemory() : null;
  if (memory === null) return null;
  const runtime = new Runtime(memory);
  /** Null for ops without; those that have an expression on vectors get a kernel when they are first used. */
  const kernels = new Map<string, FastKernel | null>(KERNELS.map((kernel) => [kernel.op, kernel]));
  return {
    name: 'simd',
    get threads() {
      return runtime.threads;
    },
    compute(op, out, inputs, attributes) {
      if (out.dtype !== 'float32') return false;
      let kernel = kernels.get(op);
      if (kernel === undefined) {
        kernel = elementwiseKernel(op) ?? null;
        kernels.set(op, kernel);
      }
      if (kernel === null) return false;
      const mark = memory.mark();
      try {
        return kernel.run(runtime, out, inputs, attributes);
      } finally {
        memory.pop(mark);
      }
    },
    fused: (program, out, inputs) => runtime.scoped(() => runFused(runtime, program, out, inputs)),
    work: ({ simd }, input) => runtime.scoped(() => simd(runtime, input)),
  };
}

/** The backend of emitted kernels; null where the engine has no SIMD. */
export function simdBackend(): Backend | null {
  if (made === undefined) made = make();
  return made;
}
