import type { Backend } from '../backend.js';
import { engineMemory } from '../memory/memory.js';
import { hasSimd } from './engine.js';
import type { FastKernel } from './fast-kernel.js';
import { runAdam } from './kernels/adam.js';
import { runBytes } from './kernels/bytes.js';
import { runDraw } from './kernels/draws.js';
import { elementwiseKernels } from './kernels/elementwise-ops.js';
import { runFused } from './kernels/fused.js';
import { productKernels } from './kernels/matmul/index.js';
import { runSgd } from './kernels/sgd.js';
import { softmaxKernels } from './kernels/softmax.js';
import { runSquares } from './kernels/squares.js';
import { reductionKernels } from './kernels/sum.js';
import { runWithin } from './kernels/within.js';
import { Runtime } from './runtime.js';

const KERNELS: readonly FastKernel[] = [
  ...productKernels,
  ...reductionKernels,
  ...softmaxKernels,
  ...elementwiseKernels,
];

/** Made when first needed, one for the process; null where the engine has no SIMD. */
let made: Backend | null | undefined;

function make(): Backend | null {
  const memory = hasSimd() ? engineMemory() : null;
  if (memory === null) return null;
  const runtime = new Runtime(memory);
  const done = (work: () => void): true => {
    runtime.scoped(work);
    return true;
  };
  const kernels = new Map(KERNELS.map((kernel) => [kernel.op, kernel]));
  return {
    name: 'simd',
    get threads() {
      return runtime.threads;
    },
    compute(op, out, inputs, attributes) {
      const kernel = out.dtype === 'float32' ? kernels.get(op) : undefined;
      if (kernel === undefined) return false;
      const mark = memory.mark();
      try {
        return kernel.run(runtime, out, inputs, attributes);
      } finally {
        memory.pop(mark);
      }
    },
    fused: (program, out, inputs) => runtime.scoped(() => runFused(runtime, program, out, inputs)),
    adam: (updates) => done(() => runAdam(runtime, updates)),
    sgd: (updates) => done(() => runSgd(runtime, updates)),
    within: (arrays, low, high) => runtime.scoped(() => runWithin(runtime, arrays, low, high)),
    squares: (arrays) => runtime.scoped(() => runSquares(runtime, arrays)),
    draw: (draw, source, out) => runDraw(runtime, draw, source, out),
    bytes: (rows, out) => runtime.scoped(() => runBytes(runtime, rows, out)),
  };
}

/** The backend of emitted kernels; null where the engine has no SIMD. */
export function simdBackend(): Backend | null {
  if (made === undefined) made = make();
  return made;
}
