import { inflateSync } from 'node:zlib';
import { convertIndexedToRgb, type DecodedPng, decode } from 'fast-png';
import { DataError } from '../../data/errors.js';
import { messageOf } from '../../tensor/describe.js';
import { fileKind } from '../../tensor/file-kind.js';

/** A picture as it is in a data set. */
export interface Picture {
  readonly rows: number;
  readonly columns: number;
  /** One plane where every pixel is gray, else red, green and blue, row after row from the top left. */
  readonly planes: readonly Uint8Array[];
}

const SIGNATURE = '\x89PNG\r\n\x1a\n';
/** No picture has a side above this many pixels. */
const MAX_SIDE = 16_384;
/** What a picture is made of; texts, times and colour profiles are left out. */
const KEPT = ['IHDR', 'PLTE', 'tRNS', 'IDAT', 'IEND'];
/** Numbers for each pixel, by PNG's colour type. */
const CHANNELS = new Map([
  [0, 1],
  [2, 3],
  [3, 1],
  [4, 2],
  [6, 4],
]);
const INDEXED = 3;

/** What IHDR says. */
interface Header {
  readonly rows: number;
  readonly columns: number;
  readonly depth: number;
  readonly channels: number;
  /** Whether pixels are numbers of a palette. */
  readonly isIndexed: boolean;
}

/** @throws DataError for what is not read: no size, 16 bits a channel, interlacing. */
function readHeader(data: DataView, file: string): Header {
  const [columns, rows] = [data.getUint32(0), data.getUint32(4)];
  const [depth, type, interlaced] = [8, 9, 12].map((at) => data.getUint8(at));
  if (rows < 1 || columns < 1 || rows > MAX_SIDE || columns > MAX_SIDE) {
    throw new DataError(
      file,
      16,
      `found a picture of ${rows} x ${columns}, expected sides of 1 to ${MAX_SIDE}`,
    );
  }
  if (depth === 16) throw new DataError(file, 24, 'found 16 bits a channel; save the picture with 8');
  if (interlaced !== 0) throw new DataError(file, 28, 'the picture is interlaced; save it without');
  const channels = CHANNELS.get(type);
  if (channels === undefined || (depth < 8 && channels > 1)) {
    throw new DataError(file, 24, `found colour type ${type} with ${depth} bits, which PNG does not have`);
  }
  return { rows, columns, depth, channels, isIndexed: type === INDEXED };
}

/**
 * The chunks that make the picture, as a file of their own, and what the header says.
 * @throws DataError for what is no PNG file, or does not unpack to the bytes that its size says
 */
function essence(bytes: Uint8Array, file: string): { header: Header; png: Uint8Array } {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (Buffer.from(bytes.subarray(0, 8)).toString('latin1') !== SIGNATURE) {
    const kind = fileKind(bytes);
    throw new DataError(file, 0, `expected a PNG picture${kind === null ? '' : `, found ${kind.what}`}`);
  }
  const kept: Uint8Array[] = [bytes.subarray(0, 8)];
  const packed: Uint8Array[] = [];
  let header: Header | undefined;
  let type = '';
  for (let at = 8; type !== 'IEND'; ) {
    const length = at + 12 <= bytes.length ? view.getUint32(at) : bytes.length;
    const next = at + 12 + length;
    if (next > bytes.length) throw new DataError(file, bytes.length, 'the picture ends here, cut short');
    type = Buffer.from(bytes.subarray(at + 4, at + 8)).toString('latin1');
    const isHeader = type === 'IHDR' && length === 13;
    if (isHeader !== (header === undefined)) {
      throw new DataError(file, at, 'expected a PNG picture to have one header, at its start');
    }
    if (isHeader) header = readHeader(new DataView(view.buffer, view.byteOffset + at + 8, 13), file);
    if (type === 'IDAT') packed.push(bytes.subarray(at + 8, at + 8 + length));
    if (KEPT.includes(type)) kept.push(bytes.subarray(at, next));
    at = next;
  }
  if (header === undefined) throw new DataError(file, 8, 'expected the header of a PNG picture');
  const { rows, columns, depth, channels } = header;
  // Each row begins with the number of its filter.
  const size = rows * (1 + Math.ceil((columns * depth * channels) / 8));
  let found = -1;
  try {
    found = inflateSync(Buffer.concat(packed), { maxOutputLength: size }).length;
  } catch (cause) {
    throw new DataError(file, undefined, `the picture is damaged (${messageOf(cause)})`, { cause });
  }
  if (found === size) return { header, png: Buffer.concat(kept) };
  throw new DataError(file, undefined, `the picture is damaged (${found} bytes unpacked, expected ${size})`);
}

/** Gray levels of few bits, as a palette. */
const levels = (depth: number): number[][] =>
  Array.from({ length: 2 ** depth }, (_, i) => {
    const gray = Math.round((255 * i) / (2 ** depth - 1));
    return [gray, gray, gray];
  });

/** Its pixels one after another, of 1 to 4 numbers each; the second or fourth is the opacity. */
function pixelsOf(image: DecodedPng, isIndexed: boolean): { data: ArrayLike<number>; channels: number } {
  if (!isIndexed && image.depth === 8) return image;
  // A picture in colour may come with a palette too, for screens of few colours.
  const palette = isIndexed ? (image.palette ?? []) : levels(image.depth);
  if (palette.length === 0) throw new Error('it has no palette');
  return { data: convertIndexedToRgb({ ...image, palette }), channels: palette[0].length };
}

/**
 * Reads a PNG picture of up to 8 bits a channel: gray, in colour, or of a palette. An alpha channel is dropped where it is opaque
 * throughout.
 * @param file its name, for errors
 * @throws DataError when it is damaged, interlaced, transparent anywhere or has 16 bits a channel; another file is called by its name
 */
export function readPng(bytes: Uint8Array, file: string): Picture {
  const { header, png } = essence(bytes, file);
  let image: DecodedPng;
  let pixels: ReturnType<typeof pixelsOf>;
  try {
    image = decode(png, { checkCrc: true });
    pixels = pixelsOf(image, header.isIndexed);
  } catch (cause) {
    throw new DataError(file, undefined, `the picture is damaged (${messageOf(cause)})`, { cause });
  }
  const { rows, columns } = header;
  const { data, channels } = pixels;
  const size = rows * columns;
  const plane = (c: number): Uint8Array =>
    Uint8Array.from({ length: size }, (_, i) => data[i * channels + c]);
  const isOpaque = channels % 2 === 1 || plane(channels - 1).every((alpha) => alpha === 255);
  if (!isOpaque || image.transparency !== undefined) {
    throw new DataError(file, undefined, 'the picture has transparent pixels; put it on a ground first');
  }
  const planes = Array.from({ length: channels < 3 ? 1 : 3 }, (_, c) => plane(c));
  const isGray = planes.every((one) => one.every((value, i) => value === planes[0][i]));
  return { rows, columns, planes: isGray ? planes.slice(0, 1) : planes };
}
