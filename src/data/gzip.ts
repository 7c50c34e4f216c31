import { createGunzip } from 'node:zlib';
import { DataError } from './errors.js';
import { checkIdxLength, LONGEST_HEADER, readIdxHeader } from './idx.js';

/** Deflate cannot make a file more than 1032 times smaller; a header that promises more lies. */
const LARGEST_RATIO = 1032;

/** True when the bytes start as every gzip file does. */
export function isGzip(bytes: Uint8Array): boolean {
  return bytes.length >= 2 && bytes[0] === 0x1f && bytes[1] === 0x8b;
}

/**
 * Unpacks a gzipped IDX file. The size in the IDX header is the limit: memory is taken for that much, once,
 * and unpacking stops at the first byte beyond it, so a decompression bomb costs nothing.
 *
 * @param packed the gzip file
 * @param file its name, for errors
 * @param maxBytes the largest content accepted
 * @returns the IDX file, with exactly the length that its header says
 * @throws DataError when the gzip is damaged or cut short, and for what the IDX header forbids
 */
export async function gunzipIdx(packed: Uint8Array, file: string, maxBytes: number): Promise<Uint8Array> {
  const gunzip = createGunzip();
  gunzip.end(packed);
  let start = Buffer.alloc(0);
  let content: Uint8Array | undefined;
  let length = 0;
  try {
    for await (const chunk of gunzip as AsyncIterable<Buffer>) {
      if (content === undefined) {
        start = Buffer.concat([start, chunk]);
        if (start.length < LONGEST_HEADER) continue;
        content = contentBuffer(start, packed.length, file, maxBytes);
        length = append(content, 0, start, file);
      } else {
        length = append(content, length, chunk, file);
      }
    }
  } catch (error) {
    if (error instanceof DataError) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new DataError(
      file,
      undefined,
      `the gzip file is damaged or cut short (${reason}); fetch it again`,
      {
        cause: error,
      },
    );
  } finally {
    gunzip.destroy();
  }
  if (content === undefined) {
    checkIdxLength(readIdxHeader(start, file), start.length, file);
    return start;
  }
  checkIdxLength(readIdxHeader(content, file), length, file);
  return content;
}

function contentBuffer(start: Uint8Array, packedBytes: number, file: string, maxBytes: number): Uint8Array {
  const { fileBytes } = readIdxHeader(start, file);
  const possible = Math.min(maxBytes, packedBytes * LARGEST_RATIO);
  if (fileBytes > possible) {
    throw new DataError(
      file,
      4,
      `the header promises ${fileBytes} bytes, but ${packedBytes} gzipped bytes can hold or may hold ` +
        `no more than ${possible}`,
    );
  }
  return new Uint8Array(fileBytes);
}

function append(content: Uint8Array, at: number, chunk: Uint8Array, file: string): number {
  if (at + chunk.length > content.length) {
    throw new DataError(
      file,
      content.length,
      `the data should end here: the header promises ${content.length} bytes, and the gzip file holds more`,
    );
  }
  content.set(chunk, at);
  return at + chunk.length;
}
