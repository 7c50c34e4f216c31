import { readFileSync } from 'node:fs';
import { type ImageShape, imageSize } from '../../src/data/images.js';
import { imageDataset, type LabeledDataset } from '../../src/data/index.js';

/** Images as all subjects of a suite read them: a file of one byte a pixel, image after image. */
export interface ImageFile {
  readonly path: string;
  readonly count: number;
  readonly rows: number;
  readonly columns: number;
}

/** @param shape of the images that are cut from the bytes of the file. Defaults to that of the file */
export function readImages({ path, ...size }: ImageFile, shape: ImageShape = size): LabeledDataset {
  const pixels = readFileSync(path);
  const count = Math.floor(pixels.length / imageSize(shape));
  return imageDataset({
    ...shape,
    count,
    pixels: pixels.subarray(0, count * imageSize(shape)),
    labels: new Uint8Array(count),
  });
}
