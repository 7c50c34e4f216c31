import { DataError } from './errors.js';
import { findIdxFiles, loadIdxFiles } from './folder.js';
import type { IdxNames } from './idx-split.js';
import { type DataSplit, imageSize, type LabeledImages } from './images.js';

/** The ways in which EMNIST divides its characters into classes and parts. */
export const EMNIST_SPLITS = ['balanced', 'byclass', 'bymerge', 'digits', 'letters', 'mnist'] as const;
/** One of them. */
export type EmnistSplit = (typeof EMNIST_SPLITS)[number];

/** The names of a split's four files. */
export const emnistFiles = (split: EmnistSplit): IdxNames => ({
  trainImages: `emnist-${split}-train-images-idx3-ubyte`,
  trainLabels: `emnist-${split}-train-labels-idx1-ubyte`,
  testImages: `emnist-${split}-test-images-idx3-ubyte`,
  testLabels: `emnist-${split}-test-labels-idx1-ubyte`,
});

/** Each image with its rows for columns. */
function transposed(images: LabeledImages): LabeledImages {
  const { count, rows, columns, pixels } = images;
  const size = imageSize(images);
  const turned = new Uint8Array(count * size);
  for (let image = 0; image < count * size; image += size) {
    for (let i = 0; i < rows; i++) {
      for (let j = 0; j < columns; j++) turned[image + j * rows + i] = pixels[image + i * columns + j];
    }
  }
  return { ...images, rows: columns, columns: rows, pixels: turned };
}

/** Labels that count from 1, as the letters' do, counted from 0. @throws DataError for a label 0 */
function fromZero(images: LabeledImages, file: string): LabeledImages {
  const at = images.labels.indexOf(0);
  if (at >= 0) throw new DataError(file, 8 + at, 'found label 0, expected letters from 1 on');
  return { ...images, labels: images.labels.map((label) => label - 1) };
}

/**
 * Loads a split of EMNIST from a folder with its own files, plain or gzipped (`emnist-letters-train-images-idx3-ubyte` and three more). Its
 * images are stored with rows and columns exchanged; they are put upright here. Labels count from 0: those of the letters, 1 to 26 in
 * the files, are 0 to 25.
 *
 * @throws DataError when a file is missing or damaged, naming it
 */
export async function loadEmnist(directory: string, split: EmnistSplit): Promise<DataSplit> {
  const pathOf = await findIdxFiles(directory, emnistFiles(split));
  const stored = await loadIdxFiles(pathOf);
  const upright = { train: transposed(stored.train), test: transposed(stored.test) };
  if (split !== 'letters') return upright;
  return {
    train: fromZero(upright.train, pathOf('trainLabels')),
    test: fromZero(upright.test, pathOf('testLabels')),
  };
}
