import type { TensorData } from '../tensor/dtype.js';

/** Count, means and squares of columns, as plain JSON whose numbers keep every bit. */
export interface MomentsState {
  readonly count: number;
  readonly mean: readonly number[];
  /** Sums of squared distances from the mean. */
  readonly squares: readonly number[];
}

/** Mean and variance of each column, row by row in float64 (Welford, "Note on a method", 1962). */
export class ColumnMoments implements MomentsState {
  count: number;
  readonly mean: number[];
  readonly squares: number[];

  /** @param start where to go on. Defaults to the beginning, with as many columns as are added first */
  constructor({ count, mean, squares }: MomentsState = { count: 0, mean: [], squares: [] }) {
    this.count = count;
    this.mean = [...mean];
    this.squares = [...squares];
  }

  /** Adds rows that stand one after the other. */
  add(rows: TensorData | readonly number[], columns = rows.length): void {
    const { mean, squares } = this;
    for (let from = 0; from < rows.length; from += columns) {
      this.count++;
      for (let j = 0; j < columns; j++) {
        const off = rows[from + j] - (mean[j] ?? 0);
        mean[j] = (mean[j] ?? 0) + off / this.count;
        squares[j] = (squares[j] ?? 0) + off * (rows[from + j] - mean[j]);
      }
    }
  }
}
