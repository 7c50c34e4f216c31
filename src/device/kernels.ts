import type { FastKernel } from './wasm/fast-kernel.js';

/** The kernels of one op, by kind of device; its attributes are the op's own. A WebGPU kernel has its place beside `wasm`. */
export interface Kernels<Attributes, Out, Inputs> {
  readonly wasm?: FastKernel<Attributes, Out, Inputs>;
}
