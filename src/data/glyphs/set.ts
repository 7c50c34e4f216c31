import { checkOptions } from '../../tensor/known-options.js';
import { imageSize, type LabeledImages } from '../images.js';
import type { ColorFactorName } from './color.js';
import type { FactorName, GlyphFactors } from './factors.js';
import { COLOR_STYLE, type GlyphStyle, GRAY_STYLE } from './style.js';

/** Drawn digits, with all that they were drawn from. */
export interface GlyphSet<Name extends string = FactorName> extends LabeledImages {
  /** Each factor of each image: `factors.slant[i]` belongs to image i. */
  readonly factors: Readonly<Record<Name, Float32Array>>;
}

/** Drawn digits in colour. */
export type ColorGlyphSet = GlyphSet<FactorName | ColorFactorName>;

/** Which glyphs {@link drawGlyphs} draws. */
export interface GlyphOptions {
  /** How many. */
  readonly count: number;
  /** Seed of all randomness, as in `Random`. */
  readonly seed: number | bigint;
  /** Number of the first one (default 0): images `start` to `start + count - 1` of this seed. */
  readonly start?: number;
  /** The digits wanted (default all ten). */
  readonly classes?: readonly number[];
}

/** The names of these options. */
export const glyphOptions: readonly (keyof GlyphOptions)[] = ['count', 'seed', 'start', 'classes'];

/** The most images in one set: 1.6 GB of pixels. */
const MAX = 2 ** 21;

function drawSet<Name extends string, Factors extends GlyphFactors & Readonly<Record<Name, number>>>(
  { image, names, painter, sampler }: GlyphStyle<Name, Factors>,
  options: GlyphOptions,
  who: string,
): GlyphSet<Name> {
  checkOptions(options, glyphOptions, who);
  const { count, seed, start = 0, classes } = options;
  if (!Number.isInteger(count) || count < 1 || count > MAX) {
    throw new RangeError(`${who}: count is ${count}; needs a whole number from 1 to ${MAX}`);
  }
  if (!Number.isInteger(start) || start < 0) {
    throw new RangeError(`${who}: start is ${start}; needs a whole number, 0 or more`);
  }
  const sample = sampler(seed, classes);
  const paint = painter();
  const size = imageSize(image);
  const pixels = new Uint8Array(count * size);
  const labels = new Uint8Array(count);
  const columns = names.map((name) => [name, new Float32Array(count)] as const);
  for (let i = 0; i < count; i++) {
    const drawn = sample(start + i);
    paint(drawn, pixels, i * size);
    labels[i] = drawn.digit;
    for (const [name, values] of columns) values[i] = drawn[name];
  }
  const factors = Object.fromEntries(columns) as Record<Name, Float32Array>;
  return { ...image, count, pixels, labels, factors };
}

/**
 * Draws handwritten-looking digits, 28 x 28, white on black, with known factors: the data set that needs no
 * download. Image i depends on the seed, the classes and its number alone, not on how many are drawn: a training
 * set and a test set are two ranges of numbers. Classes are balanced and shuffled.
 *
 * ```ts
 * const train = drawGlyphs({ count: 60_000, seed: 1 });
 * const test = drawGlyphs({ count: 10_000, seed: 1, start: 60_000 });
 * ```
 *
 * @throws RangeError when an option is not valid
 */
export const drawGlyphs = (options: GlyphOptions): GlyphSet => drawSet(GRAY_STYLE, options, 'drawGlyphs');

/**
 * Draws the digits of {@link drawGlyphs} in colour, 32 x 32: light ink on a dark ground, each of its own hue, which are two more
 * factors. Image i is the same digit as there, with 2 pixels of ground around it.
 *
 * @throws RangeError when an option is not valid
 */
export const drawColorGlyphs = (options: GlyphOptions): ColorGlyphSet =>
  drawSet(COLOR_STYLE, options, 'drawColorGlyphs');
