import type { FusedProgram } from './fused-program.js';
import type { AdamUpdate } from './kernels/adam.js';
import type { SgdUpdate } from './kernels/sgd.js';
import type { Draw, DrawSource } from './random/draw.js';
import type { Tensor } from './tensor.js';

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
   * Fills `out` with what the steps of a program give one after another, each rounded to float32; or returns false. A
   * backend without it runs ops one by one.
   * @throws Error when a step is not elementwise.
   */
  fused?(program: FusedProgram, out: Tensor, inputs: readonly Tensor[]): boolean;
  /** Adam or AdamW updates of float32 parameters in place, or false with nothing changed. */
  adam(updates: readonly AdamUpdate[]): boolean;
  /** SGD updates of float32 parameters in place, or false with nothing changed. */
  sgd(updates: readonly SgdUpdate[]): boolean;
  /** Whether all numbers are from `low` to `high`, two float32 numbers; undefined where it declines. */
  within(arrays: readonly Float32Array[], low: number, high: number): boolean | undefined;
  /** Fills the front of `out` with draws; how many elements it filled, a multiple of 4. */
  draw(draw: Draw, source: DrawSource, out: Float32Array | Uint32Array): number;
}

/** 'simd': kernels in WebAssembly, emitted when first needed; 'plain': TypeScript alone. Results are the same in every bit. */
export type BackendName = 'simd' | 'plain';
