import { formatShape } from '../../tensor/shape.js';
import { Tensor } from '../../tensor/tensor.js';
import type { Direction } from './displacements.js';
import { CheckStopped, placeOf } from './evaluate.js';
import type { Recording } from './recording.js';

/** The outputs on both sides of the point. */
export interface Rung {
  readonly h: number;
  readonly up: Float64Array;
  readonly down: Float64Array;
}

/** Slopes of the outputs along a direction, each with a bound on its own error. */
export interface Slopes {
  readonly value: Float64Array;
  readonly error: Float64Array;
  /** How much the slope jumps, of outputs that bend at the point or so near to it that no step stays on one side; else 0. */
  readonly bent: Float64Array;
  /** Indices of the outputs that move at all. */
  readonly moving: readonly number[];
  /** The smallest step taken. */
  readonly step: number;
}

/** The ratio of one step to the next. A difference over 8h has 64 times the error of one over h, and the next term 4096 times. */
const RATIO = 8;
const [SECOND, FOURTH] = [RATIO ** 2, RATIO ** 4];
const DESCENT = 64;
const MAX_DESCENTS = 8;

/** x + h d. */
export const displaced = (inputs: readonly Tensor[], direction: Direction, h: number): Tensor[] =>
  inputs.map((x, k) => {
    const d = direction[k];
    if (d === null) return x;
    const data = new Float64Array(x.data);
    for (let i = 0; i < d.length; i++) if (d[i] !== 0) data[i] += h * d[i];
    return new Tensor(data, x.shape);
  });

/** Differences of one function along one direction, over as many steps as it takes. Steps are powers of 2, so that x + h d is exact. */
export class Ladder {
  readonly #rungs = new Map<number, Rung | null>();
  /** Why the first step that failed did. */
  #reason = '';

  constructor(
    private readonly recording: Recording,
    readonly direction: Direction,
    private readonly place: () => string,
  ) {}

  /** The outputs at x + h d and x - h d; null where one is not finite. */
  at(h: number): Rung | null {
    const known = this.#rungs.get(h);
    if (known !== undefined) return known;
    const [up, down] = [h, -h].map((step) => this.#side(step));
    const rung = up !== null && down !== null ? { h, up, down } : null;
    this.#rungs.set(h, rung);
    return rung;
  }

  #side(h: number): Float64Array | null {
    const { guarded, outputs } = this.recording;
    const where = (): string => `at ${this.place()}, one step ${h > 0 ? 'up' : 'down'}`;
    const values = this.recording.evaluate(displaced(guarded.inputs, this.direction, h), where);
    const wrong = values.findIndex((y) => !Number.isFinite(y));
    if (wrong < 0) return values;
    const [output, at] = placeOf(wrong, outputs);
    const which = outputs.length === 1 ? 'the output' : `output ${output}`;
    this.#reason ||= `${which}, element ${formatShape(at)} is ${values[wrong]} ${where()}, however small the step`;
    return null;
  }

  /** Whether a step is too small to change the inputs. */
  #vanishes(h: number): boolean {
    return this.recording.guarded.inputs.every((x, k) =>
      (this.direction[k] ?? []).every((d, i) => d === 0 || x.data[i] + h * d === x.data[i]),
    );
  }

  /** The largest step at or below `start` with a rung. @throws CheckStopped when there is none. */
  #first(start: number): Rung {
    for (let h = start; !this.#vanishes(h) && h > 0; h /= DESCENT) {
      const rung = this.at(h);
      if (rung !== null) return rung;
    }
    throw new CheckStopped(this.#reason || `no step changes the input ${this.place()}`);
  }

  /**
   * Slopes with bounds on their errors. It begins with a step so small that the outputs look smooth over it, where rounding is the
   * error, and goes up, by Richardson's extrapolation, as long as larger steps agree with smaller ones within their errors. So a
   * bend, or another branch of the function, that only the larger steps reach does not count.
   * @param start where to begin, unless the function is not smooth there
   * @param roundingOf how much rounding may change an output
   * @param reach how far the function may be taken as smooth where nothing of it can be seen
   * @param goal relative error at which to stop
   */
  slopes(
    start: number,
    top: number,
    reach: number,
    roundingOf: (output: number) => number,
    goal: number,
  ): Slopes {
    const { values } = this.recording;
    const size = values.length;
    let bottom = this.#first(start);
    let bends = this.#bends(bottom, roundingOf);
    for (let k = 0; k < MAX_DESCENTS && bends.irregular; k++) {
      const h = bottom.h / DESCENT;
      // Over a step where rounding hides the bend it is not known to be gone.
      const hidden = bends.corners.some((corner, j) => corner > 0 && 16 * roundingOf(j) >= corner * h);
      const next = hidden || this.#vanishes(h) ? null : this.at(h);
      if (next === null) break;
      bottom = next;
      bends = this.#bends(bottom, roundingOf);
    }
    const steps: number[] = [];
    const raw: Float64Array[] = [];
    const corners: Float64Array[] = [];
    const once: Float64Array[] = [];
    const twice: Float64Array[] = [];
    const best = new Float64Array(size);
    const error = new Float64Array(size).fill(Number.POSITIVE_INFINITY);
    const low = new Float64Array(size).fill(Number.NEGATIVE_INFINITY);
    const high = new Float64Array(size).fill(Number.POSITIVE_INFINITY);
    const stopped = new Uint8Array(size);
    const moving = new Set<number>();
    let idle = 0;
    for (let k = 0, h = bottom.h; h <= top * RATIO; h *= RATIO, k++) {
      const rung = this.at(h);
      if (rung === null) break;
      steps.push(h);
      raw.push(slopesOf(rung));
      corners.push(this.#corners(rung));
      once.push(k < 1 ? raw[k] : extrapolated(raw[k - 1], raw[k], SECOND));
      twice.push(k < 2 ? once[k] : extrapolated(once[k - 1], once[k], FOURTH));
      let improved = false;
      let open = false;
      for (let j = 0; j < size; j++) {
        if (rung.up[j] !== rung.down[j] || rung.up[j] !== values[j]) moving.add(j);
        if (!moving.has(j) || stopped[j] === 1 || k === 0) continue;
        const rounding = roundingOf(j);
        const before = corners[k - 1][j] - rounding / steps[k - 1];
        if (before > 0.5 * Math.abs(raw[k - 1][j]) && corners[k][j] < 2 * corners[k - 1][j]) {
          // The last step went over a bend.
          stopped[j] = 1;
          continue;
        }
        const offer = (levels: readonly Float64Array[], depth: number): void => {
          if (k <= depth) return;
          const value = levels[k - 1][j];
          const own =
            0.5 * Math.abs(levels[k][j] - value) +
            ((depth === 0 ? 1 : 1.1) * rounding) / steps[k - 1 - depth];
          if (!Number.isFinite(own)) return;
          if (value + own < low[j] || value - own > high[j]) {
            // A larger step that contradicts the smaller ones ends the search.
            if (depth === 0) stopped[j] = 1;
            return;
          }
          if (own >= error[j]) return;
          improved = true;
          best[j] = value;
          error[j] = own;
        };
        offer(raw, 0);
        if (stopped[j] === 0) offer(once, 1);
        if (stopped[j] === 0) offer(twice, 2);
        // The error of this difference: its rounding, and for a smooth function less than an eighth of the change.
        const leeway = rounding / steps[k - 1] + Math.abs(raw[k][j] - raw[k - 1][j]) / 8;
        low[j] = Math.max(low[j], raw[k - 1][j] - leeway);
        high[j] = Math.min(high[j], raw[k - 1][j] + leeway);
        if (stopped[j] === 0 && error[j] > goal * Math.abs(best[j])) open = true;
      }
      idle = improved ? 0 : idle + 1;
      if (k >= 3 && (!open || idle >= 2)) break;
    }
    for (let j = 0; j < size; j++) {
      if (error[j] < Number.POSITIVE_INFINITY) {
        // Rounding hides the whole of it: a pole or a bend beyond the reach would not be seen.
        if (Math.abs(best[j]) <= 4 * error[j]) error[j] = Math.max(error[j], roundingOf(j) / reach);
        continue;
      }
      // One step only, or none that moves it: all there is to say is what rounding leaves open.
      best[j] = raw[0][j];
      error[j] = moving.has(j)
        ? Math.abs(best[j]) + roundingOf(j) / steps[0]
        : roundingOf(j) / Math.min(steps[steps.length - 1], reach);
    }
    return {
      value: best,
      error,
      bent: bends.corners,
      moving: [...moving].sort((a, b) => a - b),
      step: bottom.h,
    };
  }

  /** How far the slopes on the two sides of the point are apart. */
  #corners({ h, up, down }: Rung): Float64Array {
    return this.recording.values.map((y, j) => Math.abs(up[j] - y - (y - down[j])) / h);
  }

  /**
   * Which outputs bend within a step: the slopes on its two sides differ, and come no closer over a shorter one. A slope that
   * changes over the next larger step is irregular too.
   */
  #bends(rung: Rung, roundingOf: (output: number) => number): { corners: Float64Array; irregular: boolean } {
    const { h, up, down } = rung;
    const { values } = this.recording;
    const corners = new Float64Array(values.length);
    let irregular = false;
    const next = this.at(RATIO * h);
    const after = next === null ? null : this.at(RATIO * RATIO * h);
    for (let j = 0; j < values.length; j++) {
      if (up[j] === values[j] && down[j] === values[j]) continue;
      const noise = roundingOf(j) / h;
      const slope = (up[j] - down[j]) / (2 * h);
      const corner = Math.abs(up[j] - values[j] - (values[j] - down[j])) / h;
      if (next === null) {
        irregular = true;
        continue;
      }
      const nextCorner = Math.abs(next.up[j] - values[j] - (values[j] - next.down[j])) / next.h;
      if (corner > 0.05 * Math.abs(slope) + 4 * noise && nextCorner < 2 * corner) {
        corners[j] = corner;
        irregular = true;
      }
      const nextSlope = (next.up[j] - next.down[j]) / (2 * next.h);
      const change = Math.abs(nextSlope - slope);
      if (change <= 0.1 * Math.max(Math.abs(slope), Math.abs(nextSlope)) + 2 * noise) continue;
      const further =
        after === null ? 0 : Math.abs((after.up[j] - after.down[j]) / (2 * after.h) - nextSlope);
      if (!(change <= 0.3 * further)) irregular = true;
    }
    return { corners, irregular };
  }
}

const slopesOf = ({ h, up, down }: Rung): Float64Array => up.map((y, j) => (y - down[j]) / (2 * h));

/** Takes out the error term that is `factor` times as large over the larger step. */
const extrapolated = (small: Float64Array, large: Float64Array, factor: number): Float64Array =>
  small.map((s, j) => s + (s - large[j]) / (factor - 1));
