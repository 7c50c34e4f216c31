import type { Epilogue } from './epilogue.js';
import type { Strided } from './pack.js';

/** A matrix product c = a · b as it stands in memory: [m, k] · [k, n]. */
export interface Product extends Epilogue {
  readonly m: number;
  readonly k: number;
  readonly n: number;
  /** `outer` steps over rows. */
  readonly a: Strided;
  /** `outer` steps over columns. */
  readonly b: Strided;
  /** Address of the result, and bytes from row to row. */
  readonly c: number;
  readonly cStep: number;
}
