import { sizeOf } from '../tensor/shape.js';
import { DataError } from './errors.js';

/** What each image of a set has: its size in pixels, and how many numbers stand for a pixel. */
export interface ImageShape {
  /** 1 for gray (the default), 3 for red, green and blue. */
  readonly channels?: number | undefined;
  /** Height of each image, in pixels. */
  readonly rows: number;
  /** Width of each image, in pixels. */
  readonly columns: number;
}

/** Images of one shape, gray or in colour, 0 (black) to 255 (full). */
export interface Images extends ImageShape {
  /** How many images. */
  readonly count: number;
  /** count * channels * rows * columns bytes: image after image; of each a plane for every channel, row after row from the top left. */
  readonly pixels: Uint8Array;
}

/** An image as a tensor: [channels, rows, columns]. */
export const imageShape = ({ channels = 1, rows, columns }: ImageShape): [number, number, number] => [
  channels,
  rows,
  columns,
];

/** Numbers in an image: channels * rows * columns. */
export const imageSize = (image: ImageShape): number => sizeOf(imageShape(image));

/** The shape in words: '28 x 28', or '32 x 32 x 3' of colour. */
export const describeImage = ({ channels = 1, rows, columns }: ImageShape): string =>
  `${rows} x ${columns}${channels === 1 ? '' : ` x ${channels}`}`;

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
  return { ...images, labels };
}

/** The first `most` images; all of them where there are no more, or for null. */
export function firstImages(images: LabeledImages, most: number | null): LabeledImages {
  if (most === null || most >= images.count) return images;
  const pixels = images.pixels.subarray(0, most * imageSize(images));
  return { ...images, count: most, pixels, labels: images.labels.subarray(0, most) };
}
