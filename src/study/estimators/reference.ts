import type { Yardstick } from './levels.js';
import { dot, type Metric } from './metric.js';

/** The accuracy of the reference under one metric. */
export interface ReferenceSpread {
  /** Total variance of the mean. */
  readonly variance: number;
  /** The same along the mean itself. */
  readonly varianceAlong: number;
}

/** Draws in a block: the spread of block means gives the accuracy of the overall mean. */
const BLOCK = 16;

/** A long run of the pathwise estimator on draws of its own, the reference for the others. */
export class Reference {
  private readonly blocks: Float64Array[] = [];
  private open: Float64Array | null = null;
  private inOpen = 0;
  private lossTotal: Float64Array;
  private draws = 0;

  constructor(
    private readonly length: number,
    batch: number,
  ) {
    this.lossTotal = new Float64Array(batch);
  }

  /** Draws so far. */
  get count(): number {
    return this.draws;
  }

  /** @param losses -log p(x | z) of each example at this draw. */
  add(gradient: Float64Array, losses: Float64Array): void {
    this.draws++;
    this.lossTotal = this.lossTotal.map((total, b) => total + losses[b]);
    const open = this.open ?? new Float64Array(this.length);
    for (let i = 0; i < this.length; i++) open[i] += gradient[i] / BLOCK;
    this.open = open;
    if (++this.inOpen < BLOCK) return;
    this.blocks.push(open);
    this.open = null;
    this.inOpen = 0;
  }

  /** The mean of -log p(x | z) for each example, [batch]. */
  meanLosses(): Float64Array {
    return this.lossTotal.map((total) => total / this.draws);
  }

  /**
   * The mean of all whole blocks.
   * @throws RangeError with fewer than two blocks, as its error would be unknown.
   */
  mean(): Float64Array {
    const { blocks } = this;
    if (blocks.length < 2) {
      throw new RangeError(
        `the reference has ${this.count} draws; it needs at least ${2 * BLOCK}, so that its error can be estimated`,
      );
    }
    const mean = new Float64Array(this.length);
    for (const block of blocks) for (let i = 0; i < mean.length; i++) mean[i] += block[i] / blocks.length;
    return mean;
  }

  /** The reference under a metric, with its accuracy. */
  yardstick(metric: Metric): Yardstick & { readonly error: ReferenceSpread } {
    const mean = this.mean();
    const image = new Float64Array(mean.length);
    metric.times(mean, image);
    const length = Math.sqrt(Math.max(0, dot(mean, image)));
    const scratch = new Float64Array(mean.length);
    let [squares, alongSquares] = [0, 0];
    for (const block of this.blocks) {
      const offset = block.map((g, i) => g - mean[i]);
      metric.times(offset, scratch);
      squares += dot(offset, scratch);
      alongSquares += length === 0 ? 0 : (dot(offset, image) / length) ** 2;
    }
    const n = this.blocks.length;
    const ofMean = (square: number): number => Math.max(0, square) / (n * (n - 1));
    return {
      metric,
      image,
      length,
      error: { variance: ofMean(squares), varianceAlong: ofMean(alongSquares) },
    };
  }
}
