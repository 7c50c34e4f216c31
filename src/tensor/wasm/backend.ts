import type { Backend } from '../backend.js';
import { engineMemory } from '../memory/memory.js';
import { hasSimd } from './engine.js';
import type { FastKernel } from './fast-kernel.js';
import { elementwiseKernel } from './kernels/elementwise-ops.js';
import { runFused } from './kernels/fused.js';
import { productKernels } from './kernels/matmul/index.js';
import { softmaxKernels } from './kernels/softmax.js';
import { reductionKernels } from './kernels/sum.js';
import { Runtime } from './runtime.js';

const KERNELS: readonly FastKernel[] = [...productKernels, ...reductionKernels, ...softmaxKernels];

/** Made when first needed, one for the process; null where the engine has no SIMD. */
let made: Backend | null | undefined;

function make(): Backend | null {
  const memory = hasSimd() ? engineMemory() : null;
  if (memory === null) return null;
  const runtime = new Runtime(memory);
  const kernels = new Map<string, FastKernel | undefined>(KERNELS.map((kernel) => [kernel.op, kernel]));
  // Ops may be defined later, but not after they are first used.
  const kernelOf = (op: string): FastKernel | undefined => {
    if (!kernels.has(op)) kernels.set(op, elementwiseKernel(op));
    return kernels.get(op);
  };
  return {
    name: 'simd',
    get threads() {
      return runtime.threads;
    },
    compute(op, out, inputs, attributes) {
      const kernel = out.dtype === 'float32' ? kernelOf(op) : undefined;
      if (kernel === undefined) return false;
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
