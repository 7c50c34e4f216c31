import { DataError } from './errors.js';

/** Grayscale images of one size, 0 (black) to 255 (white). */
export interface Images {
  /** How many images. */
  readonly count: number;
  /** Height of each image, in pixels. */
  readonly rows: number;
  /** Width of each image, in pixels. */
  readonly columns: number;
  /** count * rows * columns bytes: image after image, row after row from the top left. */
  readonly pixels: Uint8Array;
}

/** Images with the class of each. */
export interface LabeledImages extends Images {
  /** count bytes: the class of image i at position i. */
  readonly labels: Uint8Array;
}

/** A data set in its two parts: one to learn from, one to measure on. */
export interface DataSplit {
  readonly train: LabeledImages;
  readonly test: LabeledImages;
}

/**
 * Puts images and their labels together.
 *
 * @param images count images
 * @param labels count labels
 * @param imagesFile the name of the images' file, for the error
 * @param labelsFile the name of the labels' file, for the error
 * @throws DataError when there are more or fewer labels than images
 */
export function pairImagesAndLabels(
  images: Images,
  labels: Uint8Array,
  imagesFile = 'images',
  labelsFile = 'labels',
): LabeledImages {
  if (images.count !== labels.length) {
    throw new DataError(
      labelsFile,
      4,
      `found ${labels.length} labels, expected ${images.count}, one for each image of ${imagesFile}; ` +
        'take both files from the same data set and the same part of it',
    );
  }
  const { count, rows, columns, pixels } = images;
  return { count, rows, columns, pixels, labels };
}

/** The first `most` images; all of them where there are no more, or for null. */
export function firstImages(images: LabeledImages, most: number | null): LabeledImages {
  if (most === null || most >= images.count) return images;
  const pixels = images.pixels.subarray(0, most * images.rows * images.columns);
  return { ...images, count: most, pixels, labels: images.labels.subarray(0, most) };
}
