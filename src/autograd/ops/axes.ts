import { describeValue } from '../../tensor/describe.js';
import { ShapeError } from '../../tensor/errors.js';
import { formatShape, normalizeAxes, normalizeAxis } from '../../tensor/shape.js';

/** One axis or several, negative ones from the end. */
export type Axes = number | readonly number[];

/** Along which dimensions an op runs. `axis` and `axes` mean the same; giving both is refused. */
export interface AxesOptions {
  readonly axes?: Axes;
  readonly axis?: Axes;
}

/** The axes as given, by whichever name; undefined for none. @throws TypeError when both are given, or no numbers. */
export function givenAxes(given: AxesOptions | undefined, name: string): Axes | undefined {
  if (given === undefined) return undefined;
  const { axes, axis } = given;
  if (axes !== undefined && axis !== undefined) {
    throw new TypeError(`${name}: axes and axis mean the same; give only one of them`);
  }
  const either = axes === undefined ? axis : axes;
  if (either === undefined || typeof either === 'number' || Array.isArray(either)) return either;
  throw new TypeError(`${name}: axes are a number or a list of numbers, but got ${describeValue(either)}`);
}

/** The axes in increasing order, counted from the front. Defaults to `absent`, or to all. */
export function resolveAxes(
  given: AxesOptions | undefined,
  rank: number,
  name: string,
  absent?: Axes,
): readonly number[] {
  return normalizeAxes(givenAxes(given, name) ?? absent, rank, name);
}

/** The axis of an op that takes one, counted from the front. Defaults to `absent`. */
export function resolveAxis(given: AxesOptions | undefined, rank: number, name: string, absent = 0): number {
  const axes = givenAxes(given, name) ?? absent;
  if (typeof axes === 'number') return normalizeAxis(axes, rank, name);
  if (axes.length === 1) return normalizeAxis(axes[0], rank, name);
  throw new ShapeError(`${name}: takes one axis, but got ${formatShape(axes)}`);
}
