import { DataError } from './errors.js';
import { parseImages, parseLabels } from './idx.js';
import { type DataSplit, type LabeledImages, pairImagesAndLabels } from './images.js';

/** The four files of an MNIST-like data set, by the names that MNIST gave them. */
export const IDX_FILES = {
  trainImages: 'train-images-idx3-ubyte',
  trainLabels: 'train-labels-idx1-ubyte',
  testImages: 't10k-images-idx3-ubyte',
  testLabels: 't10k-labels-idx1-ubyte',
} as const;

/** Which of the four files. */
export type IdxPart = keyof typeof IDX_FILES;

/** The four parts, in the order in which they are read. */
export const IDX_PARTS: readonly IdxPart[] = ['trainImages', 'trainLabels', 'testImages', 'testLabels'];

/** The content (uncompressed) and path of each of the four files. */
export type IdxContents = Readonly<Record<IdxPart, { readonly path: string; readonly bytes: Uint8Array }>>;

/**
 * Makes a data set of the content of its four files.
 *
 * @throws DataError when a file is damaged, counts differ, or the two parts have images of different sizes
 */
export function splitFromContents(contents: IdxContents): DataSplit {
  const pair = (images: IdxPart, labels: IdxPart): LabeledImages => {
    const [first, second] = [contents[images], contents[labels]];
    return pairImagesAndLabels(
      parseImages(first.bytes, first.path),
      parseLabels(second.bytes, second.path),
      first.path,
      second.path,
    );
  };
  const train = pair('trainImages', 'trainLabels');
  const test = pair('testImages', 'testLabels');
  if (train.rows !== test.rows || train.columns !== test.columns) {
    throw new DataError(
      contents.testImages.path,
      8,
      `found images of ${test.rows} x ${test.columns}, expected ${train.rows} x ${train.columns}, ` +
        'the size of the training images',
    );
  }
  return { train, test };
}
