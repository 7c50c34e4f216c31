import { DataError } from '../../../data/errors.js';
import { parseImages, parseLabels, readIdxHeader } from '../../../data/idx.js';
import { splitFromContents } from '../../../data/idx-split.js';
import { type DataSplit, imageSize, type LabeledImages, pairImagesAndLabels } from '../../../data/images.js';

/** An unpacked IDX file. */
export interface IdxContent {
  readonly path: string;
  readonly bytes: Uint8Array;
}

type Part = 'train' | 'test';
type Kind = 'images' | 'labels';
type Slot = `${Part} ${Kind}`;

/** The person's files so far, by content and name. */
export type OwnFiles = Readonly<Partial<Record<Slot, IdxContent>>>;

/** MNIST calls its test files t10k; others say test. */
const partOf = (name: string): Part => (/t10k|test/i.test(name) ? 'test' : 'train');

/** Adds files; each replaces an earlier one of its kind. @throws DataError */
export function withFiles(before: OwnFiles, files: readonly IdxContent[]): OwnFiles {
  const all: Partial<Record<Slot, IdxContent>> = { ...before };
  for (const file of files) {
    all[`${partOf(file.path)} ${readIdxHeader(file.bytes, file.path).kind}`] = file;
  }
  return all;
}

/** What is still missing, as a sentence; null if nothing is. */
export function missingOf(files: OwnFiles): string | null {
  const has = (part: Part, kind: Kind): boolean => files[`${part} ${kind}`] !== undefined;
  for (const part of ['train', 'test'] as const) {
    const [images, labels] = [has(part, 'images'), has(part, 'labels')];
    const which = part === 'test' ? 'test ' : '';
    if (images && !labels) return `The ${which}images are here. Add the IDX file of their labels.`;
    if (labels && !images) return `The ${which}labels are here. Add the IDX file of their images.`;
  }
  if (!has('train', 'images')) return 'Add images to train on, and their labels.';
  return null;
}

/** Without test files, every sixth image is kept for testing, so that both parts have every class. */
const EVERY = 6;

function choose(images: LabeledImages, fits: (i: number) => boolean): LabeledImages {
  const size = imageSize(images);
  const chosen = Array.from({ length: images.count }, (_, i) => i).filter(fits);
  const pixels = new Uint8Array(chosen.length * size);
  chosen.forEach((from, to) => {
    pixels.set(images.pixels.subarray(from * size, (from + 1) * size), to * size);
  });
  const labels = Uint8Array.from(chosen, (i) => images.labels[i]);
  return { ...images, count: chosen.length, pixels, labels };
}

/**
 * The data set of the files. Without test files, every sixth image is used for testing.
 * @throws DataError when files are damaged or do not belong together; Error when some are missing.
 */
export function splitOf(files: OwnFiles): DataSplit {
  const missing = missingOf(files);
  if (missing !== null) throw new Error(missing);
  const [trainImages, trainLabels] = [files['train images'], files['train labels']];
  const [testImages, testLabels] = [files['test images'], files['test labels']];
  if (trainImages === undefined || trainLabels === undefined)
    throw new Error('there are no images to train on');
  if (testImages !== undefined && testLabels !== undefined) {
    return splitFromContents({ trainImages, trainLabels, testImages, testLabels });
  }
  const all = pairImagesAndLabels(
    parseImages(trainImages.bytes, trainImages.path),
    parseLabels(trainLabels.bytes, trainLabels.path),
    trainImages.path,
    trainLabels.path,
  );
  if (all.count < 2) {
    throw new DataError(
      trainImages.path,
      4,
      'found 1 image, expected 2 or more: some to train on, some to test',
    );
  }
  const every = Math.min(EVERY, all.count);
  const tests = (i: number): boolean => i % every === every - 1;
  return { train: choose(all, (i) => !tests(i)), test: choose(all, tests) };
}
