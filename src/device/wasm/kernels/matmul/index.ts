import type { FastKernel } from '../../fast-kernel.js';
import { fastLinear } from './linear.js';
import { fastMatmul } from './matmul.js';

/** Fast kernels of the ops that are matrix products. */
export const productKernels: readonly FastKernel[] = [fastMatmul, fastLinear];
