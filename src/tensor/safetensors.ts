import { clip, quote, show } from './describe.js';
import { allocate, type DType, type TensorData } from './dtype.js';
import { FileError } from './file-error.js';
import { fileKind } from './file-kind.js';
import { hasLoneSurrogate, parseJson } from './json.js';
import { formatShape, type Shape } from './shape.js';
import { Tensor } from './tensor.js';

/** A file of tensors that cannot be used; the message names the file, the byte and what is wrong there. */
export class CheckpointError extends FileError {
  override readonly name = 'CheckpointError';
}

/** What a safetensors file holds. */
export interface SafetensorsContents {
  readonly tensors: Map<string, Tensor>;
  readonly metadata: Record<string, string>;
}

const METADATA = '__metadata__';
/** Bytes of the number at the start that says how long the header is. */
const LENGTH_BYTES = 8;
/** The longest header, as in the reference implementation. */
const MAX_HEADER_BYTES = 100_000_000;
const MAX_UINT64 = 2n ** 64n - 1n;
const formats = { F32: { dtype: 'float32', bytes: 4 }, F64: { dtype: 'float64', bytes: 8 } } as const;
type Format = keyof typeof formats;

/** Whether this machine keeps numbers as the file does, the least significant byte first. */
const isLittleEndian = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;

/** Between this machine's bytes and the file's, in place. */
function reorder(bytes: Uint8Array, width: number): Uint8Array {
  if (!isLittleEndian) {
    for (let at = 0; at < bytes.length; at += width) bytes.subarray(at, at + width).reverse();
  }
  return bytes;
}

const bytesOf = ({ buffer, byteOffset, byteLength }: TensorData): Uint8Array =>
  new Uint8Array(buffer, byteOffset, byteLength);

/** The elements as the file has them, every bit as it is (NaN payloads too). */
export const fileBytes = (data: TensorData): Uint8Array =>
  isLittleEndian ? bytesOf(data) : reorder(bytesOf(data).slice(), data.BYTES_PER_ELEMENT);

/** The format's name of a dtype. */
export const formatOf = (dtype: DType): Format => (dtype === 'float32' ? 'F32' : 'F64');

/**
 * Tensors and text as one safetensors file (https://github.com/huggingface/safetensors), which PyTorch, JAX and others
 * read: the header's length, a JSON header padded to 8 bytes, then the elements, float64 first so that all are aligned.
 * @throws TypeError when a tensor is named '__metadata__', or a text has half a surrogate pair, which no reader takes.
 */
export function encodeSafetensors(
  tensors: ReadonlyMap<string, Tensor>,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array {
  if (tensors.has(METADATA)) {
    throw new TypeError(`encodeSafetensors: a tensor cannot be named '${METADATA}'; the format reserves it`);
  }
  for (const text of [...tensors.keys(), ...Object.entries(metadata).flat()]) {
    if (!hasLoneSurrogate(text)) continue;
    throw new TypeError(
      `encodeSafetensors: ${quote(text)} has half a surrogate pair, which no file can hold`,
    );
  }
  const wide = [...tensors].filter(([, t]) => t.dtype === 'float64');
  const ordered = [...wide, ...[...tensors].filter(([, t]) => t.dtype !== 'float64')];
  let end = 0;
  const entries = ordered.map(([name, t]): [string, unknown] => {
    const begin = end;
    end += t.size * formats[formatOf(t.dtype)].bytes;
    return [name, { dtype: formatOf(t.dtype), shape: t.shape, data_offsets: [begin, end] }];
  });
  const header = new TextEncoder().encode(
    JSON.stringify(Object.fromEntries([[METADATA, metadata], ...entries])),
  );
  const padded = Math.ceil(header.length / 8) * 8;
  const bytes = new Uint8Array(LENGTH_BYTES + padded + end);
  const view = new DataView(bytes.buffer);
  view.setBigUint64(0, BigInt(padded), true);
  bytes.fill(0x20, LENGTH_BYTES, LENGTH_BYTES + padded);
  bytes.set(header, LENGTH_BYTES);
  let offset = LENGTH_BYTES + padded;
  for (const [, t] of ordered) {
    bytes.set(fileBytes(t.data), offset);
    offset += t.data.byteLength;
  }
  return bytes;
}

/** One tensor as the header describes it; offsets count from the start of the data. */
interface Entry {
  readonly name: string;
  readonly format: Format;
  readonly shape: Shape;
  readonly begin: number;
  readonly end: number;
}

type Fail = (offset: number | undefined, problem: string, cause?: unknown) => never;

const isRecord = (x: unknown): x is Record<string, unknown> =>
  typeof x === 'object' && x !== null && !Array.isArray(x);
const isSize = (x: unknown): x is number => typeof x === 'number' && Number.isSafeInteger(x) && x >= 0;
const isFormat = (x: unknown): x is Format => typeof x === 'string' && Object.hasOwn(formats, x);

/** A number that is no size as it is written: with a fraction, an exponent or a sign. */
class OtherNumber {
  constructor(private readonly text: string) {}

  toJSON(): unknown {
    const value = Number(this.text);
    return String(value) === this.text ? value : this.text;
  }
}

/** Sizes and offsets are 64-bit integers, written as such. */
function sizeOfText(text: string): unknown {
  if (!Number.isFinite(Number(text))) throw new SyntaxError(`the number ${clip(text)} is out of range`);
  const isSize = /^\d+$/.test(text) && BigInt(text) <= MAX_UINT64;
  return isSize ? Number(text) : new OtherNumber(text);
}

/** The elements of a shape; null where 64 bits do not hold a product on the way, as in the reference implementation. */
function elementsOf(shape: Shape): bigint | null {
  let elements = 1n;
  for (const n of shape) {
    elements *= BigInt(n);
    if (elements > MAX_UINT64) return null;
  }
  return elements;
}

function readHeader(bytes: Uint8Array, fail: Fail): { header: Record<string, unknown>; dataStart: number } {
  if (bytes.length < LENGTH_BYTES) {
    fail(
      0,
      `the file has ${bytes.length} bytes; a safetensors file starts with 8 that give its header's length`,
    );
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length = view.getBigUint64(0, true);
  if (length > BigInt(bytes.length - LENGTH_BYTES)) {
    const kind = fileKind(bytes);
    fail(
      0,
      `the header is said to have ${length} bytes, but ${bytes.length - LENGTH_BYTES} follow; ` +
        (kind === null || kind.what === 'a safetensors file'
          ? 'the file is cut off, or is not a safetensors file'
          : `this is ${kind.what}, not a safetensors file; ${kind.mend}`),
    );
  }
  if (length > MAX_HEADER_BYTES) {
    fail(0, `the header is said to have ${length} bytes; at most ${MAX_HEADER_BYTES} are read`);
  }
  const dataStart = LENGTH_BYTES + Number(length);
  let header: unknown;
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
    header = parseJson(text.decode(bytes.subarray(LENGTH_BYTES, dataStart)), sizeOfText);
  } catch (cause) {
    return fail(
      LENGTH_BYTES,
      `the header is not JSON (${cause instanceof Error ? cause.message : cause})`,
      cause,
    );
  }
  if (!isRecord(header)) return fail(LENGTH_BYTES, `the header is ${show(header)}; expected a JSON object`);
  if (bytes[LENGTH_BYTES] !== 0x7b)
    fail(
      LENGTH_BYTES,
      `the header starts with ${quote(String.fromCharCode(bytes[LENGTH_BYTES]))}; expected '{'`,
    );
  return { header, dataStart };
}

function readMetadata(value: unknown, fail: Fail): Record<string, string> {
  if (value === undefined || value === null) return {};
  if (!isRecord(value))
    return fail(LENGTH_BYTES, `${METADATA} is ${show(value)}; expected an object of strings`);
  return Object.fromEntries(
    Object.entries(value).map(([key, text]): [string, string] => {
      if (typeof text === 'string') return [key, text];
      return fail(LENGTH_BYTES, `${METADATA}.${clip(key)} is ${show(text)}; expected a string`);
    }),
  );
}

function readEntry(name: string, value: unknown, fail: Fail): Entry {
  const who = `tensor ${quote(name)}`;
  if (!isRecord(value)) return fail(LENGTH_BYTES, `${who} is ${show(value)}; expected an object`);
  const { dtype: format, shape, data_offsets: offsets } = value;
  if (!isFormat(format)) {
    return fail(
      LENGTH_BYTES,
      `${who} has the dtype ${show(format)}; expected ${Object.keys(formats).join(' or ')}`,
    );
  }
  if (!Array.isArray(shape) || !shape.every(isSize)) {
    return fail(LENGTH_BYTES, `${who} has the shape ${show(shape)}; expected a list of sizes`);
  }
  if (!Array.isArray(offsets) || offsets.length !== 2 || !offsets.every(isSize) || offsets[1] < offsets[0]) {
    return fail(LENGTH_BYTES, `${who} has the data_offsets ${show(offsets)}; expected [begin, end]`);
  }
  const [begin, end] = offsets;
  const elements = elementsOf(shape);
  if (elements === null) return fail(LENGTH_BYTES, `${who} has the impossible shape ${formatShape(shape)}`);
  const needed = elements * BigInt(formats[format].bytes);
  if (BigInt(end - begin) !== needed) {
    fail(
      LENGTH_BYTES,
      `${who} is ${format} ${formatShape(shape)}, which takes ${needed} bytes, but its data_offsets ` +
        `[${begin}, ${end}] give it ${end - begin}`,
    );
  }
  return { name, format, shape, begin, end };
}

/**
 * Reads a safetensors file of F32 and F64 tensors, and refuses what version 0.8 of the reference implementation does; beyond
 * that, as the format asks, names that are there twice and a header that starts with anything but '{'. Nothing is allocated for its
 * tensors before all of the header is found consistent: offsets follow each other from the start of the data to the end of the file.
 * @param file its name, for errors
 * @returns tensors in the order of their data, with storage of their own
 * @throws CheckpointError naming the file, the byte offset, what was found and what was expected.
 */
export function decodeSafetensors(bytes: Uint8Array, file: string): SafetensorsContents {
  const fail: Fail = (offset, problem, cause) => {
    throw new CheckpointError(file, offset, problem, { cause });
  };
  const { header, dataStart } = readHeader(bytes, fail);
  const metadata = readMetadata(Object.hasOwn(header, METADATA) ? header[METADATA] : undefined, fail);
  const entries = Object.entries(header)
    .filter(([name]) => name !== METADATA)
    .map(([name, value]) => readEntry(name, value, fail))
    .sort((a, b) => a.begin - b.begin || a.end - b.end);
  let next = 0;
  for (const { name, begin, end } of entries) {
    if (begin !== next) {
      const what = begin < next ? 'overlaps the tensor before it' : 'leaves a gap after the tensor before it';
      fail(
        dataStart + begin,
        `the data of ${quote(name)} ${what}; expected it to start at byte ${dataStart + next}`,
      );
    }
    next = end;
  }
  if (dataStart + next !== bytes.length) {
    fail(
      Math.min(dataStart + next, bytes.length),
      `the header describes a file of ${dataStart + next} bytes, but it has ${bytes.length}; ` +
        (bytes.length < dataStart + next ? 'it is cut off' : 'something follows the last tensor'),
    );
  }
  const tensors = new Map<string, Tensor>();
  for (const { name, format, shape, begin, end } of entries) {
    const data = allocate(formats[format].dtype, (end - begin) / formats[format].bytes);
    const own = bytesOf(data);
    own.set(bytes.subarray(dataStart + begin, dataStart + end));
    reorder(own, data.BYTES_PER_ELEMENT);
    tensors.set(name, new Tensor(data, shape));
  }
  return { tensors, metadata };
}
