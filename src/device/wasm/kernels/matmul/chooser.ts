import type { Tile } from './tile.js';

/** Products with fewer multiplications say little about a tile, and lose little by a poor one. */
const LARGE = 1_000_000;
/** Large products before the others are tried: a program's first results should not wait for four codes to be made. */
const FIRST = 24;
/** What a tile's code is given to be compiled at its best: calls, and milliseconds since the first one. */
const WARM_CALLS = 4;
const WARM_TIME = 60;
/** Timings of each tile; the least of them counts, since whatever else the machine does only adds to it. */
const TIMINGS = 5;

interface Trial {
  readonly tile: Tile;
  since: number;
  calls: number;
  timings: number;
  /** Time for a multiplication. */
  least: number;
}

/**
 * Finds the fastest tile while working: the large products take turns through the candidates, until each has been timed
 * often enough. Timing them beforehand would delay every start, since engines compile code well only once it has run for
 * a while. Results do not depend on the tile.
 */
export class TileChooser {
  private readonly trials: readonly Trial[];
  #before = 0;
  #turn = 0;
  #fixed: Tile | undefined;

  /**
   * @param candidates at least one
   * @param clock in milliseconds
   */
  constructor(
    candidates: readonly Tile[],
    private readonly clock: () => number,
  ) {
    this.trials = candidates.map((tile) => ({ tile, since: 0, calls: 0, timings: 0, least: Infinity }));
    if (candidates.length === 1) this.#fixed = candidates[0];
  }

  /** The fastest tile, once it is known. */
  get chosen(): Tile | undefined {
    return this.#fixed;
  }

  /** Runs a product with a tile; `multiplications` is its size. */
  run(multiplications: number, product: (tile: Tile) => void): void {
    if (this.#fixed !== undefined || multiplications < LARGE) {
      product(this.#fixed ?? this.trials[0].tile);
      return;
    }
    const { trials } = this;
    if (this.#before < FIRST) {
      this.#before++;
      product(trials[0].tile);
      return;
    }
    // Each round starts with another tile: products come in a fixed order, and each tile is to meet them all.
    const round = Math.floor(this.#turn / trials.length);
    const trial = trials[(this.#turn + round) % trials.length];
    this.#turn++;
    const start = this.clock();
    product(trial.tile);
    const time = this.clock() - start;
    if (trial.calls === 0) trial.since = start;
    trial.calls++;
    if (trial.calls <= WARM_CALLS || start - trial.since < WARM_TIME) return;
    trial.timings++;
    trial.least = Math.min(trial.least, time / multiplications);
    if (trials.every(({ timings }) => timings >= TIMINGS)) {
      this.#fixed = trials.reduce((best, other) => (other.least < best.least ? other : best)).tile;
    }
  }
}
