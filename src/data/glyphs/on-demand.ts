import { checkOptions } from '../../tensor/known-options.js';
import type { LabeledDataset } from '../dataset.js';
import { imageDataset } from '../dataset.js';
import { imageSize, type LabeledImages } from '../images.js';
import { type GlyphOptions, glyphOptions } from './set.js';
import { GRAY_STYLE } from './style.js';

/** Drawn digits as a data set whose images are drawn when a batch first asks for them. */
export interface GlyphsOnDemand extends LabeledDataset {
  /** How many images have been drawn so far. */
  drawn(): number;
  /** All images, the ones not asked for so far drawn now. */
  images(): LabeledImages;
}

/**
 * The images of `drawGlyphs`, bit for bit, without waiting for all of them: a training can begin with its first batch.
 * The labels are there from the start; they take a twentieth of the time.
 * @throws RangeError when an option is not valid
 */
export function glyphsOnDemand(options: GlyphOptions): GlyphsOnDemand {
  const { image, painter, sampler } = GRAY_STYLE;
  checkOptions(options, glyphOptions, 'glyphsOnDemand');
  const { count, seed, start = 0, classes } = options;
  if (!Number.isSafeInteger(count) || count < 1) {
    throw new RangeError(`glyphsOnDemand: count is ${count}; needs a whole number of 1 or more`);
  }
  const sample = sampler(seed, classes);
  const paint = painter();
  const size = imageSize(image);
  const pixels = new Uint8Array(count * size);
  const labels = Uint8Array.from({ length: count }, (_, i) => sample(start + i).digit);
  const done = new Uint8Array(count);
  const draw = (i: number): void => {
    if (done[i] !== 0) return;
    paint(sample(start + i), pixels, i * size);
    done[i] = 1;
  };
  const all: LabeledImages = { ...image, count, pixels, labels };
  const dataset = imageDataset(all);
  return {
    ...dataset,
    batch(indices, dtype) {
      // An index that is not valid is left to the data set, which says so.
      for (let i = 0; i < indices.length; i++) if (done[indices[i]] === 0) draw(indices[i]);
      return dataset.batch(indices, dtype);
    },
    drawn: () => done.reduce((sum, one) => sum + one, 0),
    images() {
      for (let i = 0; i < count; i++) draw(i);
      return all;
    },
  };
}
