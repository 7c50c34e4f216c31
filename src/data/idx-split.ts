import type { Content } from './download/source.js';
import { DataError } from './errors.js';
import { parseImages, parseLabels } from './idx.js';
import { type DataSplit, describeImage, type LabeledImages, pairImagesAndLabels } from './images.js';

/** The four files of an MNIST-like data set, by the names that MNIST gave them. */
export const IDX_FILES = {
  trainImages: 'train-images-idx3-ubyte',
  trainLabels: 'train-labels-idx1-ubyte',
  testImages: 't10k-images-idx3-ubyte',
  testLabels: 't10k-labels-idx1-ubyte',
} as const;

/** Which of the four files. */
export type IdxPart = keyof typeof IDX_FILES;

/** What the four files of a data set are called. */
export type IdxNames = Readonly<Record<IdxPart, string>>;

/** The four parts, in the order in which they are read. */
export const IDX_PARTS: readonly IdxPart[] = ['trainImages', 'trainLabels', 'testImages', 'testLabels'];

/**
 * Makes a data set of the content of its four files.
 *
 * @throws DataError when a file is damaged, counts differ, or the two parts have images of different sizes
 */
export function splitFromContents(contents: Readonly<Record<IdxPart, Content>>): DataSplit {
  const pair = (images: IdxPart, labels: IdxPart): LabeledImages => {
    const [first, second] = [contents[images], contents[labels]];
    const found = parseLabels(second.bytes, second.path);
    return pairImagesAndLabels(parseImages(first.bytes, first.path), found, first.path, second.path);
  };
  const train = pair('trainImages', 'trainLabels');
  const test = pair('testImages', 'testLabels');
  if (describeImage(train) !== describeImage(test)) {
    throw new DataError(
      contents.testImages.path,
      8,
      `found images of ${describeImage(test)}, expected ${describeImage(train)}, ` +
        'the size of the training images',
    );
  }
  return { train, test };
}

/** Makes a data set of its four files, read one after another. @throws DataError as {@link splitFromContents} */
export const readSplit = async (read: (part: IdxPart) => Promise<Content>): Promise<DataSplit> =>
  splitFromContents({
    trainImages: await read('trainImages'),
    trainLabels: await read('trainLabels'),
    testImages: await read('testImages'),
    testLabels: await read('testLabels'),
  });
