import { fileKind } from '../tensor/file-kind.js';
import { DataError } from './errors.js';
import { describeImage, type Images, imageSize } from './images.js';

/** First four bytes of an IDX file of unsigned bytes with three dimensions: count, rows, columns. */
export const IMAGES_MAGIC = 0x00000803;
/** First four bytes of an IDX file of unsigned bytes with one dimension: count. */
export const LABELS_MAGIC = 0x00000801;
/** The longest header of the two kinds, in bytes: enough to know how long a file must be. */
export const LONGEST_HEADER = 16;

/** No image has a side above this many pixels; a larger number means a damaged header. */
const LARGEST_SIDE = 16_384;

/** What an IDX header says. */
export interface IdxHeader {
  readonly kind: 'images' | 'labels';
  readonly count: number;
  /** 1 for labels. */
  readonly rows: number;
  /** 1 for labels. */
  readonly columns: number;
  /** Where the data starts, in bytes. */
  readonly headerBytes: number;
  /** How long the whole file must be, in bytes, header included. */
  readonly fileBytes: number;
}

const hex = (value: number) => `0x${value.toString(16).padStart(8, '0')}`;

function view(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function size(bytes: Uint8Array, offset: number, what: string, largest: number, file: string): number {
  const value = view(bytes).getUint32(offset);
  if (value === 0 || value > largest) {
    throw new DataError(file, offset, `found ${value} for the number of ${what}, expected 1 to ${largest}`);
  }
  return value;
}

/** Element types of IDX by their code. */
const TYPES = new Map([
  [0x08, 'unsigned bytes'],
  [0x09, 'signed bytes'],
  [0x0b, '16-bit integers'],
  [0x0c, '32-bit integers'],
  [0x0d, '32-bit floats'],
  [0x0e, '64-bit floats'],
]);

/** What an IDX file of another type or rank is, and what to do about it; null for what is no IDX file. */
function otherIdx([first, second, code, dimensions]: Uint8Array): string | null {
  const type = TYPES.get(code);
  if (second === 0x08 && (first === 1 || first === 3) && code === 0 && dimensions === 0)
    return 'an IDX header with its bytes in reverse; write it with the most significant byte first';
  if (first !== 0 || second !== 0 || type === undefined || dimensions === 0) return null;
  const what = `an IDX file of ${type} in ${dimensions} dimension${dimensions === 1 ? '' : 's'}`;
  return code === 0x08
    ? `${what}; images have 3 (count, rows, columns) and are grayscale, labels have 1`
    : `${what}; write them as unsigned bytes: images as 0 (black) to 255 (white), labels as classes from 0 to 255`;
}

/** What a file is that is no IDX file of images or labels, as the end of a sentence; '' where nothing tells. */
function strangerOf(bytes: Uint8Array, unpacked: boolean): string {
  const idx = otherIdx(bytes);
  if (idx !== null) return `: this is ${idx}`;
  const kind = fileKind(bytes);
  if (kind === null) return '';
  return `: this is ${kind.what}${unpacked ? ' within a gzip file' : ''}; ${kind.mend}`;
}

/**
 * Reads the header of an IDX file (big-endian: magic number, then one 32-bit size for each dimension).
 * Needs the first {@link LONGEST_HEADER} bytes, or the whole file where it is shorter.
 *
 * @param unpacked whether the bytes came out of a gzip file, for errors
 * @throws DataError when the header is cut short, has another magic number, or sizes that cannot be; a file of another kind
 * is called by its name
 */
export function readIdxHeader(bytes: Uint8Array, file: string, unpacked = false): IdxHeader {
  if (bytes.length === 0) throw new DataError(file, 0, 'the file is empty; expected an IDX file');
  if (bytes.length < 4) {
    throw new DataError(
      file,
      bytes.length,
      `the file ends here; expected the 4 bytes of an IDX magic number, found ${bytes.length}`,
    );
  }
  const magic = view(bytes).getUint32(0);
  if (magic !== IMAGES_MAGIC && magic !== LABELS_MAGIC) {
    throw new DataError(
      file,
      0,
      `found ${hex(magic)}, expected the IDX magic number ${hex(IMAGES_MAGIC)} (images of unsigned bytes) ` +
        `or ${hex(LABELS_MAGIC)} (labels)${strangerOf(bytes, unpacked)}`,
    );
  }
  const kind = magic === IMAGES_MAGIC ? 'images' : 'labels';
  const headerBytes = kind === 'images' ? 16 : 8;
  if (bytes.length < headerBytes) {
    throw new DataError(
      file,
      bytes.length,
      `the file ends here; expected the ${headerBytes} bytes of a header of ${kind}`,
    );
  }
  const count = size(bytes, 4, kind, 0xffffffff, file);
  const rows = kind === 'images' ? size(bytes, 8, 'rows', LARGEST_SIDE, file) : 1;
  const columns = kind === 'images' ? size(bytes, 12, 'columns', LARGEST_SIDE, file) : 1;
  const fileBytes = headerBytes + count * rows * columns;
  if (!Number.isSafeInteger(fileBytes)) {
    throw new DataError(file, 4, `found ${count} x ${rows} x ${columns}, more bytes than any file has`);
  }
  return { kind, count, rows, columns, headerBytes, fileBytes };
}

/**
 * Checks a file's length against its header.
 *
 * @throws DataError when the file is shorter or longer than the header says
 */
export function checkIdxLength(header: IdxHeader, length: number, file: string): void {
  if (length === header.fileBytes) return;
  const { kind, count, rows, columns, headerBytes, fileBytes } = header;
  const promised = kind === 'images' ? `${count} images of ${rows} x ${columns}` : `${count} labels`;
  const expected = `expected ${fileBytes} bytes (${headerBytes} of header, then ${promised})`;
  if (length < fileBytes) {
    throw new DataError(file, length, `the file ends here, cut short: found ${length} bytes, ${expected}`);
  }
  throw new DataError(file, fileBytes, `the data should end here: found ${length} bytes, ${expected}`);
}

function parse(bytes: Uint8Array, kind: IdxHeader['kind'], file: string) {
  const header = readIdxHeader(bytes, file);
  if (header.kind !== kind) {
    const [found, expected] = kind === 'images' ? [LABELS_MAGIC, IMAGES_MAGIC] : [IMAGES_MAGIC, LABELS_MAGIC];
    throw new DataError(
      file,
      0,
      `found ${hex(found)} (${header.kind}), expected ${hex(expected)} (${kind}); are the files swapped?`,
    );
  }
  checkIdxLength(header, bytes.length, file);
  const data = new Uint8Array(
    bytes.buffer,
    bytes.byteOffset + header.headerBytes,
    bytes.length - header.headerBytes,
  );
  return { header, data };
}

/**
 * Reads the images of an IDX file (the format of MNIST and its relatives).
 *
 * @param bytes the whole file, uncompressed
 * @param file its name, for errors
 * @returns the images; `pixels` is a view on `bytes`, not a copy
 * @throws DataError on a wrong magic number, impossible sizes, and missing or trailing bytes
 */
export function parseImages(bytes: Uint8Array, file = 'images'): Images {
  const { header, data } = parse(bytes, 'images', file);
  return { count: header.count, rows: header.rows, columns: header.columns, pixels: data };
}

/**
 * Reads the labels of an IDX file.
 *
 * @param bytes the whole file, uncompressed
 * @param file its name, for errors
 * @returns one byte a label; a view on `bytes`, not a copy
 * @throws DataError on a wrong magic number, an impossible count, and missing or trailing bytes
 */
export function parseLabels(bytes: Uint8Array, file = 'labels'): Uint8Array {
  return parse(bytes, 'labels', file).data;
}

function encode(magic: number, sizes: readonly number[], data: Uint8Array): Uint8Array {
  const headerBytes = 4 + 4 * sizes.length;
  const bytes = new Uint8Array(headerBytes + data.length);
  const out = view(bytes);
  out.setUint32(0, magic);
  sizes.forEach((value, axis) => {
    out.setUint32(4 + 4 * axis, value);
  });
  bytes.set(data, headerBytes);
  return bytes;
}

/**
 * Writes images as an IDX file, which {@link parseImages} reads back.
 *
 * @throws RangeError when the images are in colour, and when the sizes are not what IDX can hold or do not multiply to the
 * number of pixels
 */
export function encodeImages(images: Images): Uint8Array {
  const { count, rows, columns, pixels } = images;
  if (imageSize(images) !== rows * columns) {
    throw new RangeError(
      `encodeImages: got images of ${describeImage(images)}; IDX files hold gray ones, of one channel`,
    );
  }
  const fits = (value: number, largest: number) => Number.isInteger(value) && value >= 1 && value <= largest;
  if (!fits(count, 0xffffffff) || !fits(rows, LARGEST_SIDE) || !fits(columns, LARGEST_SIDE)) {
    throw new RangeError(
      `encodeImages: got ${count} images of ${rows} x ${columns}; needs at least one image, with sides of 1 to ` +
        `${LARGEST_SIDE} pixels`,
    );
  }
  if (pixels.length !== count * rows * columns) {
    throw new RangeError(
      `encodeImages: got ${pixels.length} pixels for ${count} images of ${rows} x ${columns}; ` +
        `needs ${count * rows * columns}`,
    );
  }
  return encode(IMAGES_MAGIC, [count, rows, columns], pixels);
}

/**
 * Writes labels as an IDX file, which {@link parseLabels} reads back.
 *
 * @throws RangeError when there are none
 */
export function encodeLabels(labels: Uint8Array): Uint8Array {
  if (labels.length === 0) throw new RangeError('encodeLabels: got 0 labels; needs at least one');
  return encode(LABELS_MAGIC, [labels.length], labels);
}
