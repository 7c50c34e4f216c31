import { checkOptions } from '../../tensor/known-options.js';
import type { LabeledImages } from '../images.js';
import { createPainter } from './draw.js';
import { FACTOR_NAMES, type FactorName, mapFactors } from './factors.js';
import { GLYPH_PIXELS, GLYPH_SIDE } from './raster.js';
import { ALL_DIGITS, factorSampler } from './sample.js';

/** Drawn digits, with all that they were drawn from. */
export interface GlyphSet extends LabeledImages {
  /** Each factor of each image: `factors.slant[i]` belongs to image i. */
  readonly factors: Readonly<Record<FactorName, Float32Array>>;
}

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
export function drawGlyphs(options: GlyphOptions): GlyphSet {
  checkOptions(options, glyphOptions, 'drawGlyphs');
  const { count, seed, start = 0, classes = ALL_DIGITS } = options;
  if (!Number.isInteger(count) || count < 1 || count > MAX) {
    throw new RangeError(`drawGlyphs: count is ${count}; needs a whole number from 1 to ${MAX}`);
  }
  if (!Number.isInteger(start) || start < 0) {
    throw new RangeError(`drawGlyphs: start is ${start}; needs a whole number, 0 or more`);
  }
  const sample = factorSampler(seed, classes);
  const paint = createPainter();
  const pixels = new Uint8Array(count * GLYPH_PIXELS);
  const labels = new Uint8Array(count);
  const factors = mapFactors(() => new Float32Array(count));
  for (let i = 0; i < count; i++) {
    const drawn = sample(start + i);
    paint(drawn, pixels, i * GLYPH_PIXELS);
    labels[i] = drawn.digit;
    for (const name of FACTOR_NAMES) factors[name][i] = drawn[name];
  }
  return { count, rows: GLYPH_SIDE, columns: GLYPH_SIDE, pixels, labels, factors };
}
