import { dot, type Metric } from './metric.js';

/** The reference under one metric. */
export interface Yardstick {
  readonly metric: Metric;
  /** G times the reference. */
  readonly image: Float64Array;
  /** Length of the reference. */
  readonly length: number;
}

/** Statistics of estimates: count, mean and variance. */
export interface Spread {
  readonly count: number;
  /** Total variance of one estimate: the trace of the covariance. NaN below two. */
  readonly variance: number;
  /** The mean of the components along the reference, minus its length. */
  readonly bias: number;
  /** Variance of a single component along the reference. NaN below two. */
  readonly varianceAlong: number;
  /** The squared distance of the mean from the reference. */
  readonly distance: number;
  /** Mean cosine of the angle to the reference. */
  readonly cosine: number;
}

/** Sums under one metric. */
interface Sums {
  squares: number;
  along: number;
  alongSquares: number;
  cosines: number;
}

/**
 * Running averages of 1, 2, 4, ... consecutive estimates: the average of K of them is the
 * K-sample estimator, and each level holds the statistics of one K. Everything is relative to the reference, which is close to
 * the mean, so that little accuracy cancels.
 */
export class Levels {
  private readonly levels: {
    count: number;
    readonly total: Float64Array;
    readonly sums: Sums[];
    waiting: Float64Array | null;
  }[] = [];
  private readonly scratch: Float64Array;

  /** @param reference what estimates are compared with. */
  constructor(
    private readonly reference: Float64Array,
    private readonly yardsticks: readonly Yardstick[],
  ) {
    this.scratch = new Float64Array(reference.length);
  }

  /** The number of levels with an average: K = 1, 2, ..., 2^(size - 1). */
  get size(): number {
    return this.levels.length;
  }

  add(estimate: Float64Array): void {
    this.addTo(
      0,
      estimate.map((g, i) => g - this.reference[i]),
    );
  }

  /** `offset` is an average of 2^at estimates, less the reference. */
  private addTo(at: number, offset: Float64Array): void {
    this.levels[at] ??= {
      count: 0,
      total: new Float64Array(offset.length),
      sums: this.yardsticks.map(() => ({ squares: 0, along: 0, alongSquares: 0, cosines: 0 })),
      waiting: null,
    };
    const level = this.levels[at];
    level.count++;
    for (let i = 0; i < offset.length; i++) level.total[i] += offset[i];
    this.yardsticks.forEach(({ metric, image, length }, m) => {
      const sums = level.sums[m];
      metric.times(offset, this.scratch);
      const square = dot(offset, this.scratch);
      const inner = dot(offset, image);
      const along = length === 0 ? 0 : inner / length;
      const own = Math.sqrt(Math.max(0, square + 2 * inner + length * length));
      sums.squares += square;
      sums.along += along;
      sums.alongSquares += along * along;
      sums.cosines += own === 0 ? 0 : (along + length) / own;
    });
    const before = level.waiting;
    if (before === null) {
      level.waiting = offset;
      return;
    }
    level.waiting = null;
    this.addTo(
      at + 1,
      offset.map((g, i) => (g + before[i]) / 2),
    );
  }

  /** The averages of 2^at estimates under metric `m`. */
  spread(at: number, m: number): Spread {
    const { count, total, sums } = this.levels[at];
    const { squares, along, alongSquares, cosines } = sums[m];
    this.yardsticks[m].metric.times(total, this.scratch);
    const distance = Math.max(0, dot(total, this.scratch)) / (count * count);
    const bias = along / count;
    const unbiased = (square: number, offset: number): number =>
      count < 2 ? Number.NaN : Math.max(0, square - count * offset) / (count - 1);
    return {
      count,
      variance: unbiased(squares, distance),
      bias,
      varianceAlong: unbiased(alongSquares, bias * bias),
      distance,
      cosine: cosines / count,
    };
  }
}
