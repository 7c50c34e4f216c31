import * as f32x4 from '../../assembler/f32x4.js';
import { type I32, type Local, type Statement, type V128, when } from '../../assembler/index.js';
import * as v128 from '../../assembler/v128.js';
import { REGISTER } from '../../sizes.js';

/** What a product does to its elements before it stores them: as `add` and `relu` would, one after the other. */
export interface Epilogue {
  /** Address of a row to be added to each row, with room to be read in whole panels; 0 for none. */
  readonly bias: number;
  /** Whether negative elements become 0. */
  readonly relu: boolean;
}

/** a * b + sum: rounded twice, or fused where bits may differ. */
export type MultiplyAdd = (a: V128, b: V128, sum: V128) => V128;

export const exactly: MultiplyAdd = (a, b, sum) => f32x4.add(sum, f32x4.mul(a, b));
export const fused: MultiplyAdd = (a, b, sum) => f32x4.relaxedMadd(a, b, sum);

/** Adds the bias that begins at `bias` for the first of the columns, if it is not 0, and cuts off below 0, if `relu` is not 0. */
export const finishSums = (rows: readonly (readonly Local<'v128'>[])[], bias: I32, relu: I32): Statement => [
  when(
    bias,
    rows.map((sums) => sums.map((sum, v) => sum.set(f32x4.add(sum, v128.load(bias, v * REGISTER))))),
  ),
  when(
    relu,
    rows.map((sums) => sums.map((sum) => sum.set(f32x4.max(sum, v128.zero)))),
  ),
];
