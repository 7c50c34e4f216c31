import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { DataError } from './errors.js';
import { readIdxFile } from './files.js';
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

/** Both spellings in use ('-idx3' and '.idx3'), each plain or gzipped. */
function spellings(name: string): string[] {
  const dotted = name.replace(/-(idx\d)/, '.$1');
  return [name, `${name}.gz`, dotted, `${dotted}.gz`];
}

/**
 * Finds the four files of a folder, plain or gzipped, in either spelling.
 *
 * @returns the path of each
 * @throws DataError when the folder cannot be read or files are missing (all of them named)
 */
export async function findIdxFiles(directory: string): Promise<Readonly<Record<IdxPart, string>>> {
  let present: Set<string>;
  try {
    present = new Set(await readdir(directory));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new DataError(directory, undefined, `expected a folder of IDX files: ${reason}`, { cause: error });
  }
  const find = (part: IdxPart) => spellings(IDX_FILES[part]).find((name) => present.has(name));
  const missing = IDX_PARTS.filter((part) => find(part) === undefined).map((part) => IDX_FILES[part]);
  if (missing.length > 0) {
    throw new DataError(
      directory,
      undefined,
      `missing in this folder: ${missing.join(', ')} (each may also end in .gz, and '.idx' may stand for '-idx')`,
    );
  }
  const path = (part: IdxPart) => join(directory, find(part) ?? IDX_FILES[part]);
  return {
    trainImages: path('trainImages'),
    trainLabels: path('trainLabels'),
    testImages: path('testImages'),
    testLabels: path('testLabels'),
  };
}

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

/**
 * Loads a folder of four IDX files named as MNIST's, plain or gzipped: MNIST itself, Fashion-MNIST, KMNIST, or
 * one's own data in that form. Nothing is assumed about sizes and classes.
 *
 * @throws DataError when a file is missing or damaged, naming it
 */
export async function loadIdxFolder(directory: string): Promise<DataSplit> {
  const paths = await findIdxFiles(directory);
  const read = async (part: IdxPart) => ({ path: paths[part], bytes: await readIdxFile(paths[part]) });
  return splitFromContents({
    trainImages: await read('trainImages'),
    trainLabels: await read('trainLabels'),
    testImages: await read('testImages'),
    testLabels: await read('testLabels'),
  });
}
