import { DataError } from '../../../data/errors.js';
import { checkIdxLength, type IdxHeader, LONGEST_HEADER, readIdxHeader } from '../../../data/idx.js';
import { collectIdx, isGzip } from '../../../data/unpack.js';
import { MAX_FILE_BYTES } from '../../shared/training.js';

/** Any gzip file may unpack to this many bytes, more than MNIST has; a larger one to this many times its size. */
const FREE_BYTES = 2 ** 26;
const RATIO = 32;
/** Bytes of a file that are read at once. */
const SLICE = 2 ** 23;

/** What is done on the way. */
export interface Unpacking {
  /** Looks at the header before the rest is read, and throws where that is not wanted. */
  readonly check?: (header: IdxHeader) => void;
  /** Is told now and then how many bytes have come of how many. */
  readonly onProgress?: (done: number, total: number) => void;
}

/** A stream piece by piece: not every browser can iterate over one. */
async function* piecesOf(stream: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array> {
  const reader = stream.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield value;
    }
  } finally {
    await reader.cancel();
  }
}

export const bytesOf = async (blob: Blob): Promise<Uint8Array<ArrayBuffer>> =>
  new Uint8Array(await blob.arrayBuffer());

/** A file as it is, slice by slice, into memory that is taken once. */
async function readSlices(file: File, onProgress: Unpacking['onProgress']): Promise<Uint8Array> {
  const content = new Uint8Array(file.size);
  for (let at = 0; at < file.size; at += SLICE) {
    content.set(await bytesOf(file.slice(at, at + SLICE)), at);
    onProgress?.(Math.min(file.size, at + SLICE), file.size);
  }
  return content;
}

/**
 * The content of an IDX file, unpacked if it is gzipped.
 * @throws DataError when it is no IDX file, damaged, too large, or of another length than its header says; what `check` throws.
 */
export async function unpackIdx(file: File, { check, onProgress }: Unpacking = {}): Promise<Uint8Array> {
  const { name, size } = file;
  if (size > MAX_FILE_BYTES) {
    throw new DataError(name, undefined, `found ${size} bytes, expected ${MAX_FILE_BYTES} at most`);
  }
  const start = await bytesOf(file.slice(0, LONGEST_HEADER));
  if (isGzip(start)) {
    const maxBytes = Math.min(MAX_FILE_BYTES, Math.max(FREE_BYTES, RATIO * size));
    const stream = file.stream().pipeThrough(new DecompressionStream('gzip'));
    return collectIdx(piecesOf(stream), {
      file: name,
      length: size,
      maxBytes,
      ...(check && { check }),
      ...(onProgress && { onProgress }),
    });
  }
  const header = readIdxHeader(start, name);
  checkIdxLength(header, size, name);
  check?.(header);
  return readSlices(file, onProgress);
}
