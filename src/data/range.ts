import { allWithin } from '../autograd/ops/within.js';
import { maxFinite } from '../tensor/dtype.js';
import { ShapeError } from '../tensor/errors.js';
import type { Tensor } from '../tensor/tensor.js';

/** The values that data has, or that a likelihood takes: from `low` to `high`, and where `step` is given only every step from `low`. */
export interface ValueRange {
  readonly low: number;
  readonly high: number;
  readonly step?: number;
}

/** What pixels / 255 can be: 256 gray levels, black to white. */
export const GRAY: ValueRange = { low: 0, high: 1, step: 1 / 255 };
/** What binarized data can be. */
export const BITS: ValueRange = { low: 0, high: 1, step: 1 };

/** Values are rounded to float32: how far from a multiple of `step` one may lie, in steps. */
const TOLERANCE = 1e-4;

const isMultiple = (steps: number): boolean => Math.abs(steps - Math.round(steps)) <= TOLERANCE;

const isInside = (x: number, { low, high, step }: ValueRange): boolean =>
  Number.isFinite(x) && x >= low && x <= high && (step === undefined || isMultiple((x - low) / step));

/** Whether every value of `inner` is one of `outer`. */
export const covers = (outer: ValueRange, inner: ValueRange): boolean =>
  inner.low >= outer.low &&
  inner.high <= outer.high &&
  (outer.step === undefined ||
    (inner.step !== undefined &&
      isMultiple(inner.step / outer.step) &&
      isMultiple((inner.low - outer.low) / outer.step)));

/** The range in words: 'values from 0 to 1', 'whole numbers from 0 on', 'multiples of 1/255 from 0 to 1'. */
export function describeRange({ low, high, step }: ValueRange): string {
  if (low === Number.NEGATIVE_INFINITY && high === Number.POSITIVE_INFINITY) return 'finite numbers';
  const kind =
    step === undefined ? 'values' : step === 1 ? 'whole numbers' : `multiples of 1/${Math.round(1 / step)}`;
  return `${kind} from ${low} ${high === Number.POSITIVE_INFINITY ? 'on' : `to ${high}`}`;
}

/**
 * Refuses data with a value outside of `range`, naming the first one.
 * @param x [batch, ...]
 * @param who the subject of the sentence, as in 'the bernoulli likelihood'
 * @param mend how to mend it, the end of the sentence
 * @param first the number of x's first example, where x is a piece of a larger set
 * @throws RangeError naming example, element and value.
 */
export function checkValues(x: Tensor, range: ValueRange, who: string, mend: string, first = 0): void {
  const most = maxFinite(x.dtype);
  const low = Math.max(range.low, -most);
  const high = Math.min(range.high, most);
  if (range.step === undefined && allWithin([x], low, high)) return;
  if (x.rank === 0) throw new ShapeError(`${who}: data is [batch, ...], but got a scalar`);
  const { data } = x;
  const perExample = data.length / x.shape[0];
  for (let i = 0; i < data.length; i++) {
    if (isInside(data[i], range)) continue;
    throw new RangeError(
      `${who} takes ${describeRange(range)}, but element ${i % perExample} of example ` +
        `${first + Math.floor(i / perExample)} is ${data[i]}; ${mend}`,
    );
  }
}
