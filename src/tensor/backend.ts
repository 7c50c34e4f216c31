import type { Runtime } from '../device/wasm/runtime.js';
import type { FusedProgram } from './fused-program.js';
import type { Tensor } from './tensor.js';

/**
 * Work beside the ops, for which a backend may have a quicker way than plain loops, with the same bits. It is brought along by
 * those who need it, so that a program without an optimizer, say, does not carry the kernels of one.
 * @internal
 */
export interface Work<Input, Result> {
  /** By emitted kernels. */
  readonly simd: (runtime: Runtime, input: Input) => Result;
}

/**
 * Quick kernels behind the ops. A backend computes an op on float32 tensors with the bits of the plain kernel, or
 * declines; then the plain kernel runs, so that no op is ever missing.
 */
export interface Backend {
  readonly name: BackendName;
  /** How many threads share the work of large ops: 1 also where threads cannot share memory. */
  readonly threads: number;
  /** Fills `out`, whose numbers are undefined before, and returns true; or returns false. */
  compute(op: string, out: Tensor, inputs: readonly Tensor[], attributes: unknown): boolean;
  /**
   * Fills `out` with what the steps of a program give one after another, each rounded to float32; or returns false. Numbers
   * among the inputs are scalars. A backend without it runs ops one by one.
   * @throws Error when a step is not elementwise.
   */
  fused?(program: FusedProgram, out: Tensor, inputs: readonly (Tensor | number)[]): boolean;
  /**
   * Does some work, or declines: then the answer is undefined and nothing is changed.
   * @internal
   */
  work<Input, Result>(work: Work<Input, Result>, input: Input): Result | undefined;
}

/** 'simd': kernels in WebAssembly, emitted when first needed; 'plain': TypeScript alone. Results are the same in every bit. */
export type BackendName = 'simd' | 'plain';
