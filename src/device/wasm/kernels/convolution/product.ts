/** Rows of a slab: for each number of the inner dimension there are so many, side by side. */
export const SLAB_ROWS = 4;

/** Something of the three nested dimensions that columns run over, the innermost first. */
export type Nested = readonly [number, number, number];

/**
 * A product of packed rows with columns that are gathered from where they stand: element (k, j) of the right operand is at the
 * address of column j plus the offset of k. Every element of the result adds its products in order of k, block by block, from +0.
 */
export interface GatheredProduct {
  readonly rows: number;
  /** Offsets of the inner dimension, in bytes. */
  readonly inner: Int32Array;
  /** Times that the inner dimension is gone through, each from sources and slabs further on by so many bytes. Defaults to 1. */
  readonly blocks?: number;
  readonly blockSource?: number;
  readonly blockSlabs?: number;
  /** The left operand, in slabs of {@link SLAB_ROWS} rows. */
  readonly slabs: number;
  readonly source: number;
  readonly target: number;
  /** Bytes from row to row of the result. */
  readonly rowStep: number;
  /** Columns along each dimension, and the bytes between them in the right operand and in the result. */
  readonly counts: Nested;
  readonly sourceSteps: Nested;
  readonly targetSteps: Nested;
  /** Address of a number for each row, to be added at the end, in whole slabs; 0 for none. */
  readonly bias: number;
  readonly relu: boolean;
  /** Whether sums go on from what the result holds. Defaults to false. */
  readonly accumulate?: boolean;
}

/** Where column (x, y, z) is from the first. */
export const place = ([step, row, plane]: Nested, x: number, y: number, z: number): number =>
  step * x + row * y + plane * z;
