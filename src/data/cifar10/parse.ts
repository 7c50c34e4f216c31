import { fileKind } from '../../tensor/file-kind.js';
import type { Content } from '../download/source.js';
import { DataError } from '../errors.js';
import { imageSize, type LabeledImages } from '../images.js';

/** What each image of CIFAR-10 is. */
const IMAGE = { channels: 3, rows: 32, columns: 32 } as const;
/** The classes, by label. */
export const CIFAR10_CLASSES = [
  'airplane',
  'automobile',
  'bird',
  'cat',
  'deer',
  'dog',
  'frog',
  'horse',
  'ship',
  'truck',
] as const;
const PIXELS = imageSize(IMAGE);
/** A label, then the red, the green and the blue plane. */
const RECORD = 1 + PIXELS;

/** @throws DataError when it is no file of whole records. */
function checkLength({ bytes, path }: Content): void {
  const { length } = bytes;
  if (length > 0 && length % RECORD === 0) return;
  const kind = fileKind(bytes);
  const stranger = kind === null ? '' : `: this is ${kind.what}; ${kind.mend}`;
  const problem =
    length === 0
      ? 'the file is empty; expected'
      : `the file ends here, in record ${Math.floor(length / RECORD)} (counted from 0): found ${length} bytes, expected`;
  throw new DataError(
    path,
    length,
    `${problem} records of ${RECORD} bytes (a label, then ${PIXELS} of 32 x 32 pixels in red, green and blue)${stranger}`,
  );
}

/**
 * Reads files of CIFAR-10's binary version, one after another: records of a label (0 to 9) and the three planes of an image.
 *
 * @param files the whole files, uncompressed; at least one
 * @returns the images of all, in order; their bytes are copied
 * @throws DataError naming the file and the byte when one is empty or cut short, or has a label above 9
 */
export function parseCifar10(
  files: readonly { readonly path: string; readonly bytes: Uint8Array }[],
): LabeledImages {
  for (const file of files) checkLength(file);
  const count = files.reduce((total, { bytes }) => total + bytes.length, 0) / RECORD;
  const pixels = new Uint8Array(count * PIXELS);
  const labels = new Uint8Array(count);
  let image = 0;
  for (const { path, bytes } of files) {
    for (let at = 0; at < bytes.length; at += RECORD) {
      const label = bytes[at];
      if (label >= CIFAR10_CLASSES.length) {
        throw new DataError(path, at, `found label ${label}, expected a class from 0 to 9`);
      }
      labels[image] = label;
      pixels.set(bytes.subarray(at + 1, at + RECORD), image * PIXELS);
      image++;
    }
  }
  return { ...IMAGE, count, pixels, labels };
}
