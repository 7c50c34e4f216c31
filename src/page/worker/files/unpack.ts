import { DataError } from '../../../data/errors.js';
import { checkIdxLength, LONGEST_HEADER, readIdxHeader } from '../../../data/idx.js';

/** Largest unpacked file that the page accepts, in bytes: MNIST's training images are 47 MB. */
const MAX_BYTES = 2 ** 29;
/** Deflate shrinks a file at most 1032 times; a header that promises more is false. */
const LARGEST_RATIO = 1032;

const isGzip = (bytes: Uint8Array): boolean => bytes[0] === 0x1f && bytes[1] === 0x8b;

function checkPromise(fileBytes: number, packed: number, file: string): void {
  const possible = Math.min(MAX_BYTES, packed * LARGEST_RATIO);
  if (fileBytes <= possible) return;
  throw new DataError(
    file,
    4,
    `the header promises ${fileBytes} bytes; a file of ${packed} bytes can hold or may hold no more than ${possible}`,
  );
}

/** Reads as much of a stream as the IDX header at its start promises. */
async function readPromised(
  stream: ReadableStream<Uint8Array>,
  packed: number,
  file: string,
): Promise<Uint8Array> {
  const reader = stream.getReader();
  let content = new Uint8Array(LONGEST_HEADER);
  let length = 0;
  let known = false;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    if (length + value.length > content.length && known) {
      await reader.cancel();
      throw new DataError(file, content.length, 'the data should end here, but the gzip file holds more');
    }
    if (length + value.length > content.length) {
      const start = new Uint8Array(length + value.length);
      start.set(content.subarray(0, length));
      content = start;
    }
    content.set(value, length);
    length += value.length;
    if (known || length < LONGEST_HEADER) continue;
    const { fileBytes } = readIdxHeader(content.subarray(0, length), file);
    checkPromise(fileBytes, packed, file);
    checkIdxLengthAtMost(length, fileBytes, file);
    const whole = new Uint8Array(fileBytes);
    whole.set(content.subarray(0, length));
    content = whole;
    known = true;
  }
  return content.subarray(0, length);
}

function checkIdxLengthAtMost(length: number, fileBytes: number, file: string): void {
  if (length <= fileBytes) return;
  throw new DataError(file, fileBytes, 'the data should end here, but the file holds more');
}

/**
 * The content of an IDX file, unpacked if it is gzipped. Allocates what the header promises, once that is known to be
 * possible.
 * @throws DataError when it is no IDX file, damaged, or of another length than its header says.
 */
export async function unpackIdx(packed: Uint8Array<ArrayBuffer>, file: string): Promise<Uint8Array> {
  let content: Uint8Array = packed;
  if (isGzip(packed)) {
    const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream('gzip'));
    try {
      content = await readPromised(stream, packed.length, file);
    } catch (error) {
      if (error instanceof DataError) throw error;
      throw new DataError(file, undefined, 'the gzip file is damaged or cut short; fetch it again', {
        cause: error,
      });
    }
  }
  checkIdxLength(readIdxHeader(content, file), content.length, file);
  return content;
}
