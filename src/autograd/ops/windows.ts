import { COUNT, checkNumber, type NumberRange } from '../../tensor/check-number.js';
import { describeValue } from '../../tensor/describe.js';
import { ShapeError } from '../../tensor/errors.js';
import type { Pair, Windows } from '../../tensor/kernels/convolution.js';
import { formatShape, type Shape } from '../../tensor/shape.js';

export type { Pair };

/** A number for both axes of an image, or one for each: [rows, columns]. */
export type PerAxis = number | Pair;

/**
 * What stands around an image: a number of pixels on every side; [rows, columns], each a number for both sides or a pair
 * [before, after], where a negative number cuts off; or 'same', with which a result has ceil(pixels / stride) positions along an
 * axis (where the padding is odd, there is one more after).
 */
export type Padding = 'same' | number | Pair<number | Pair>;

/** How the windows of a kernel lie on an image. */
export interface WindowOptions {
  /** Pixels from one window to the next. Defaults to 1. */
  readonly stride?: PerAxis;
  /** Defaults to 0. */
  readonly padding?: Padding;
  /** Pixels from one tap of the kernel to the next. Defaults to 1. */
  readonly dilation?: PerAxis;
}

const AXES = ['height', 'width'] as const;
const BOTH = [0, 1] as const;

/** Something of both axes. */
export const both = <T>(of: (axis: 0 | 1) => T): Pair<T> => [of(0), of(1)];

/** One thing twice, or a list of two. @throws TypeError for anything else. */
function pairOf<T>(given: number | Pair<T>, what: string, who: string): Pair<number | T> {
  if (typeof given === 'number') return [given, given];
  const list: unknown = given;
  if (Array.isArray(list) && list.length === 2) return given;
  const shown = Array.isArray(list) ? formatShape(list) : describeValue(list);
  throw new TypeError(`${who}: ${what} is ${shown}; give a number, or a list of two`);
}

/** A number for each axis. @throws TypeError for another form; RangeError for a number out of range. */
export function perAxis(given: PerAxis, range: NumberRange, what: string, who: string): Pair {
  const pair = pairOf(given, what, who);
  for (const axis of BOTH) checkNumber(pair[axis], range, `${what} along ${AXES[axis]}`, who);
  return pair;
}

/** How many pixels a kernel reaches over. */
const span = (kernel: number, dilation: number): number => (kernel - 1) * dilation + 1;

/** Padding as given, but for 'same', before and after along each axis. */
function givenPadding(padding: Exclude<Padding, 'same'>, who: string): Pair<Pair> {
  const pair = pairOf(padding, 'padding', who);
  return both((axis) => {
    const [side, what] = [pair[axis], `padding along ${AXES[axis]}`];
    const sides = pairOf(side, what, who);
    const least = typeof side === 'number' ? { min: 0 } : {};
    for (const pixels of sides) checkNumber(pixels, { integer: true, ...least }, what, who);
    return sides;
  });
}

/** Padding that adds up to `total`, or cuts it off after. */
const halves = (total: number): Pair => {
  const before = Math.max(0, total >> 1);
  return [before, total - before];
};

/** The padding with which the last window ends at the last pixel: the same for a convolution and its transposed. */
const exact = (before: number, pixels: number, positions: number, reach: number, stride: number): Pair => [
  before,
  (positions - 1) * stride + reach - before - pixels,
];

/** Stride and dilation, checked. */
const steps = ({ stride = 1, dilation = 1 }: WindowOptions, who: string) => ({
  stride: perAxis(stride, COUNT, 'stride', who),
  dilation: perAxis(dilation, COUNT, 'dilation', who),
});

/**
 * The windows of a kernel on an image, with the padding that they use.
 * @throws ShapeError with the sizes and what would fit when there is no room for one.
 */
export function windowsOn(image: Pair, kernel: Pair, options: WindowOptions, who: string): Windows {
  const { stride, dilation } = steps(options, who);
  const { padding = 0 } = options;
  const given = padding === 'same' ? null : givenPadding(padding, who);
  const exactly = both((axis): Pair => {
    const [pixels, step] = [image[axis], stride[axis]];
    const reach = span(kernel[axis], dilation[axis]);
    const sides =
      given?.[axis] ?? halves(Math.max(0, (Math.ceil(pixels / step) - 1) * step + reach - pixels));
    const room = pixels + sides[0] + sides[1];
    if (pixels > 0 && room >= reach)
      return exact(sides[0], pixels, Math.floor((room - reach) / step) + 1, reach, step);
    const taps = Math.floor((room - 1) / dilation[axis]) + 1;
    const mend = [`${reach - room} more pixel${reach - room === 1 ? '' : 's'} of padding`];
    if (taps >= 1) mend.push(`a kernel of ${taps}`);
    throw new ShapeError(
      `${who}: the ${AXES[axis]} has no room for a window: ${pixels} with padding ${sides[0]} + ${sides[1]} is ${room}, but a kernel of ` +
        `${kernel[axis]} at dilation ${dilation[axis]} spans ${reach}; ` +
        (pixels > 0 ? `the nearest that fits: ${mend.join(', or ')}` : 'the image is empty'),
    );
  });
  return { stride, dilation, padding: exactly };
}

/** How many windows lie on an image along each axis. */
export const positionsOf = (image: Pair, kernel: Pair, { stride, dilation, padding }: Windows): Pair =>
  both((axis) => {
    const [before, after] = padding[axis];
    return (image[axis] + before + after - span(kernel[axis], dilation[axis])) / stride[axis] + 1;
  });

/** The image that windows at all positions lie on. */
export const pixelsOf = (positions: Pair, kernel: Pair, { stride, dilation, padding }: Windows): Pair =>
  both((axis) => {
    const [before, after] = padding[axis];
    return (positions[axis] - 1) * stride[axis] + span(kernel[axis], dilation[axis]) - before - after;
  });

/** How the windows of a transposed convolution lie on its result. */
export interface TransposedWindowOptions extends WindowOptions {
  /** Rows and columns added after the last: below the stride or the dilation. Defaults to 0. */
  readonly outputPadding?: PerAxis;
}

/**
 * The windows of a kernel at given positions, on an image that they make.
 * @throws ShapeError with the sizes and what would fit when no pixel is left; RangeError for outputPadding that is too large.
 */
export function windowsAt(
  positions: Pair,
  kernel: Pair,
  options: TransposedWindowOptions,
  who: string,
): Windows {
  const { stride, dilation } = steps(options, who);
  const { padding = 0, outputPadding = 0 } = options;
  const extra = perAxis(outputPadding, { integer: true, min: 0 }, 'outputPadding', who);
  const given = padding === 'same' ? null : givenPadding(padding, who);
  const exactly = both((axis): Pair => {
    const reach = span(kernel[axis], dilation[axis]);
    const largest = Math.max(stride[axis], dilation[axis]) - 1;
    if (extra[axis] > largest) {
      throw new RangeError(
        `${who}: outputPadding along ${AXES[axis]} is ${extra[axis]}, but must be below stride ${stride[axis]} or dilation ${dilation[axis]}: at most ${largest}`,
      );
    }
    const [before, after] = given?.[axis] ?? halves(reach - stride[axis]);
    const covered = (positions[axis] - 1) * stride[axis] + reach + extra[axis];
    const pixels = covered - before - after;
    if (positions[axis] > 0 && pixels > 0) return [before, after - extra[axis]];
    throw new ShapeError(
      `${who}: the ${AXES[axis]} comes out as ${pixels}: ${positions[axis]} positions at stride ${stride[axis]} with a kernel of ${kernel[axis]} at ` +
        `dilation ${dilation[axis]} cover ${covered}, and padding takes ${before} + ${after}; ` +
        (positions[axis] > 0 ? `padding of at most ${covered - 1} in all fits` : 'the input is empty'),
    );
  });
  return { stride, dilation, padding: exactly };
}

/** Rows and columns of images [batch, channels, height, width]. @throws ShapeError for another rank. */
export function imageOf(x: Shape, who: string): Pair {
  if (x.length === 4) return [x[2], x[3]];
  const mend = x.length === 3 ? `; reshape one image to ${formatShape([1, ...x])}` : '';
  throw new ShapeError(
    `${who}: takes images [batch, channels, height, width], but got ${formatShape(x)}${mend}`,
  );
}

/** The divisors of n nearest to a number on both sides, in words. */
function nearestDivisors(n: number, to: number): string {
  const divisors = Array.from({ length: n }, (_, i) => i + 1).filter((d) => n % d === 0);
  const near = [divisors.findLast((d) => d < to), divisors.find((d) => d > to)];
  return near.filter((d) => d !== undefined).join(' or ');
}

/** @throws RangeError unless groups divide all of these numbers of channels. */
export function checkGroups(groups: number, all: readonly number[], who: string): void {
  checkNumber(groups, COUNT, 'groups', who);
  for (const channels of all) {
    if (channels % groups === 0) continue;
    throw new RangeError(
      `${who}: groups ${groups} do not divide ${channels} channels; the nearest that do: ${nearestDivisors(channels, groups)}`,
    );
  }
}
