import type { TensorData } from '../tensor/dtype.js';

/** Where {@link ColumnMoments} stand, as plain JSON whose numbers keep every bit. */
export interface MomentsState {
  readonly count: number;
  readonly mean: readonly number[];
  /** Sums of squared distances from the mean. */
  readonly squares: readonly number[];
}

/** Mean and variance of each column, row by row in float64 (Welford, "Note on a method", 1962). */
export class ColumnMoments {
  #count: number;
  #mean: Float64Array;
  #squares: Float64Array;

  /** @param start how many columns there are, or where to go on. Defaults to as many columns as the first row has */
  constructor(start: number | MomentsState = 0) {
    const { count, mean, squares } =
      typeof start === 'number'
        ? { count: 0, mean: new Float64Array(start), squares: new Float64Array(start) }
        : start;
    this.#count = count;
    this.#mean = Float64Array.from(mean);
    this.#squares = Float64Array.from(squares);
  }

  /** Adds rows that stand one after the other. */
  add(rows: TensorData | readonly number[]): void {
    if (this.#mean.length === 0)
      [this.#mean, this.#squares] = [new Float64Array(rows.length), new Float64Array(rows.length)];
    const columns = this.#mean.length;
    for (let from = 0; from < rows.length; from += columns) {
      this.#count++;
      for (let j = 0; j < columns; j++) {
        const off = rows[from + j] - this.#mean[j];
        this.#mean[j] += off / this.#count;
        this.#squares[j] += off * (rows[from + j] - this.#mean[j]);
      }
    }
  }

  get count(): number {
    return this.#count;
  }

  means(): number[] {
    return Array.from(this.#mean);
  }

  /** The population variance of each column. */
  variances(): number[] {
    return Array.from(this.#squares, (sum) => sum / this.#count);
  }

  /** Standard errors of the means, rows being independent draws; 0 of a single row, which says nothing of them. */
  standardErrors(): number[] {
    const degrees = Math.max(1, this.#count - 1);
    return Array.from(this.#squares, (sum) => Math.sqrt(sum / degrees / this.#count));
  }

  state(): MomentsState {
    return { count: this.#count, mean: this.means(), squares: Array.from(this.#squares) };
  }
}
