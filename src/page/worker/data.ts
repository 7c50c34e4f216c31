import { imageDataset, type LabeledDataset } from '../../data/dataset.js';
import { glyphsOnDemand } from '../../data/glyphs/index.js';
import { GLYPH_SPLIT } from '../../data/glyphs/split.js';
import { type DataSplit, firstImages, type ImageShape } from '../../data/images.js';
import type { Settings } from '../shared/settings.js';

const TEST_COUNT = 2000;

/** The examples of a session. */
export interface SessionData {
  readonly train: LabeledDataset;
  readonly test: LabeledDataset;
  readonly image: ImageShape;
  /** All images as bytes; drawing digits that were not needed before takes up to half a second. */
  images(): DataSplit;
}

/** The number of test examples for `count` training examples. */
export const testCount = (count: number): number => Math.min(count, TEST_COUNT);

/** The drawn digits of the settings, as of `pathwise train --limit`; each is drawn when it is needed. */
export function glyphData(
  { seed, count }: Pick<Settings, 'seed' | 'count'>,
  tests = testCount(count),
): SessionData {
  const train = glyphsOnDemand({ count, seed });
  const test = glyphsOnDemand({ count: tests, seed, start: GLYPH_SPLIT.train });
  return {
    train,
    test,
    image: { rows: 28, columns: 28 },
    images: () => ({ train: train.images(), test: test.images() }),
  };
}

/** A person's own images, limited to the count of the settings. */
export function ownData(split: DataSplit, { count }: Pick<Settings, 'count'>): SessionData {
  const images = { train: firstImages(split.train, count), test: firstImages(split.test, testCount(count)) };
  const { channels, rows, columns } = split.train;
  return {
    train: imageDataset(images.train),
    test: imageDataset(images.test),
    image: { channels, rows, columns },
    images: () => images,
  };
}
