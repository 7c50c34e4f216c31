import type { Program } from '../program/program.js';
import type { Tensor } from '../tensor/tensor.js';
import type { Kernels } from './kernels.js';
import { hasVectors, programKernel, type VectorPrimitive } from './wasm/kernels/program.js';
import { type UpdateRow, updateKernel } from './wasm/kernels/update.js';

/** A primitive with what devices know of it. */
export type DevicePrimitive = VectorPrimitive;

/** The kernels of an elementwise program, whose inputs are tensors or numbers; none where a step has no fast form. */
export const elementwiseKernels = (
  program: Program<DevicePrimitive>,
): Kernels<undefined, Tensor, readonly (Tensor | number)[]> =>
  hasVectors(program) ? { wasm: programKernel(program) } : {};

/** The kernels of an update in place; see {@link updateKernel}. None where a step has no fast form. */
export const updateKernels = (
  program: Program<DevicePrimitive>,
  tensors: number,
): Kernels<undefined, readonly UpdateRow[], undefined> =>
  hasVectors(program) ? { wasm: updateKernel(program, tensors) } : {};
