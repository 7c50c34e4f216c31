import type { Backend } from '../backend.js';
import type { FastKernel } from './fast-kernel.js';
import { adamFunction, runAdam } from './kernels/adam.js';
import { elementwiseKernels } from './kernels/elementwise-ops.js';
import { fastMatmul } from './kernels/matmul.js';
import { reductionKernels } from './kernels/sum.js';
import { hasSimd, Runtime } from './runtime.js';

const KERNELS: readonly FastKernel[] = [fastMatmul, ...reductionKernels, ...elementwiseKernels];

/** One module of emitted kernels for the process, made when first needed; null where the engine has no SIMD. */
let made: Backend | null | undefined;

function make(): Backend | null {
  if (!hasSimd()) return null;
  const runtime = new Runtime([...KERNELS.flatMap((kernel) => kernel.functions), adamFunction]);
  const kernels = new Map(KERNELS.map((kernel) => [kernel.op, kernel]));
  return {
    name: 'simd',
    compute: (op, out, inputs, attributes) =>
      out.dtype === 'float32' && (kernels.get(op)?.run(runtime, out, inputs, attributes) ?? false),
    adam: (arrays, scalars) => runAdam(runtime, arrays, scalars),
  };
}

/** The backend of emitted kernels; null where the engine has no SIMD. */
export function simdBackend(): Backend | null {
  if (made === undefined) made = make();
  return made;
}
