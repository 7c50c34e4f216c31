import { basename } from 'node:path';
import { imageDataset, type LabeledDataset } from '../../data/dataset.js';
import { DataError } from '../../data/errors.js';
import { readIdxFile } from '../../data/files.js';
import { parseImages } from '../../data/idx.js';
import { imageSize, type LabeledImages } from '../../data/images.js';
import { readFileBytes } from '../../data/open.js';
import { BITS } from '../../data/range.js';
import { isGzip } from '../../data/unpack.js';
import { clip } from '../../tensor/describe.js';
import { Failure } from '../errors.js';

/** How pixels are made 0 or 1, if they are. */
export type Binarization = 'gray' | 'threshold' | 'dynamic' | 'static';

/** What `--binarize` says: a way by its name, or a file of binarized images by its path. */
export interface BinarizeChoice {
  readonly binarization: Binarization;
  readonly file: string | null;
}

export function binarizeChoice(given: string): BinarizeChoice {
  if (given === 'gray' || given === 'threshold' || given === 'dynamic')
    return { binarization: given, file: null };
  return { binarization: 'static', file: given };
}

/** What every line of results says of the pixels. */
export function binarizationWords(
  { binarization, file }: BinarizeChoice,
  { seed, channels = 1 }: { readonly seed: number; readonly channels?: number | undefined },
): string {
  if (binarization === 'threshold') return 'binarized by threshold 1/2';
  if (binarization === 'static') return `binarized, static from ${clip(basename(file ?? ''))}`;
  if (binarization === 'dynamic') return `binarized, dynamic with seed ${seed}`;
  return channels === 1 ? 'gray' : 'colour';
}

/** Images of these pixels, which are 0 or 255. */
const bitsDataset = (images: LabeledImages): LabeledDataset => ({ ...imageDataset(images), range: BITS });

/** The bytes of a text of 0 and 1, as in the .amat files of binarized MNIST, times 255. @throws DataError for anything else */
function bitsOfText(text: Uint8Array, file: string): Uint8Array {
  const bits = new Uint8Array(text.length);
  let count = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text[i];
    if (code === 0x30 || code === 0x31) bits[count++] = code === 0x31 ? 255 : 0;
    else if (code !== 0x20 && code !== 0x0a && code !== 0x0d && code !== 0x09) {
      throw new DataError(
        file,
        i,
        'expected an IDX file of images, or a text of 0 and 1 with spaces between, a line for each image',
      );
    }
  }
  return bits.subarray(0, count);
}

/** The pixels of a file of binarized images, 0 or 255. */
async function readBits(file: string, size: number): Promise<Uint8Array> {
  const bytes = await readFileBytes(file);
  const isIdx = isGzip(bytes) || (bytes[0] === 0 && bytes[1] === 0);
  if (!isIdx) return bitsOfText(bytes, file);
  const images = parseImages(await readIdxFile(file), file);
  if (imageSize(images) !== size) return images.pixels;
  const one = images.pixels.reduce((most, pixel) => Math.max(most, pixel), 0);
  const at = images.pixels.findIndex((pixel) => pixel !== 0 && pixel !== one);
  if ((one === 1 || one === 255) && at < 0) return images.pixels.map((pixel) => (pixel === 0 ? 0 : 255));
  throw new DataError(
    file,
    undefined,
    'expected binarized images, whose pixels are 0 and 1 or 0 and 255; found other values',
  );
}

/**
 * The examples as they are to be evaluated; what is drawn dynamically is left to the evaluation.
 * @throws DataError for a file that holds no binarized images; Failure when its images are of another size.
 */
export async function binarizedImages(
  images: LabeledImages,
  { binarization, file }: BinarizeChoice,
): Promise<LabeledDataset> {
  if (binarization === 'threshold')
    return bitsDataset({ ...images, pixels: images.pixels.map((pixel) => (pixel < 128 ? 0 : 255)) });
  if (file === null) return imageDataset(images);
  const size = imageSize(images);
  const pixels = await readBits(file, size);
  if (pixels.length === images.count * size) return bitsDataset({ ...images, pixels });
  throw new Failure(
    `${clip(file)} has ${pixels.length} pixels, but ${images.count} images of ${size} are needed: ` +
      'give the binarized images of the same examples, in the same order',
  );
}
