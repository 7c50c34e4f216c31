import { type FileHandle, open } from 'node:fs/promises';
import { checkOptions } from '../tensor/known-options.js';
import { DataError } from './errors.js';
import { gunzipIdx, isGzip } from './gzip.js';
import { checkIdxLength, LONGEST_HEADER, readIdxHeader } from './idx.js';

export { type WriteOptions, writeFileAtomic } from './atomic.js';

/** Limits of {@link readIdxFile}. */
export interface ReadOptions {
  /** The largest content accepted, in bytes, uncompressed (default 2 GiB). */
  readonly maxBytes?: number;
}

/**
 * Unpacks IDX content if it is gzipped (its first two bytes tell, not its name) and checks its length.
 *
 * @throws DataError as {@link readIdxFile}
 */
export async function unpackIdx(bytes: Uint8Array, file: string, maxBytes = 2 ** 31): Promise<Uint8Array> {
  if (isGzip(bytes)) return gunzipIdx(bytes, file, maxBytes);
  checkIdxLength(readIdxHeader(bytes, file), bytes.length, file);
  return bytes;
}

/**
 * Reads an IDX file, plain or gzipped (its first two bytes tell, not its name). Header and length are
 * checked before memory is taken for the content.
 *
 * @returns the uncompressed file, for `parseImages` or `parseLabels`
 * @throws DataError when the file is missing, unreadable, damaged, too large or of another length than its header says
 */
export async function readIdxFile(path: string, options: ReadOptions = {}): Promise<Uint8Array> {
  checkOptions(options, ['maxBytes'], 'readIdxFile');
  const { maxBytes = 2 ** 31 } = options;
  let handle: FileHandle | undefined;
  try {
    handle = await open(path, 'r');
    const info = await handle.stat();
    if (!info.isFile()) throw new DataError(path, undefined, 'expected a file, found a folder or a device');
    if (info.size > maxBytes) {
      throw new DataError(path, undefined, `found ${info.size} bytes, expected ${maxBytes} at most`);
    }
    const start = new Uint8Array(LONGEST_HEADER);
    const { bytesRead } = await handle.read(start, 0, start.length, 0);
    const head = start.subarray(0, bytesRead);
    if (!isGzip(head)) checkIdxLength(readIdxHeader(head, path), info.size, path);
    return await unpackIdx(await readWhole(handle, info.size, path), path, maxBytes);
  } catch (error) {
    if (error instanceof DataError) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new DataError(path, undefined, `cannot be read: ${reason}`, { cause: error });
  } finally {
    await handle?.close();
  }
}

/** Reads size bytes and no more, so that a file that grows meanwhile cannot take more memory. */
async function readWhole(handle: FileHandle, size: number, path: string): Promise<Uint8Array> {
  const bytes = new Uint8Array(size);
  let at = 0;
  while (at < size) {
    const { bytesRead } = await handle.read(bytes, at, size - at, at);
    if (bytesRead === 0)
      throw new DataError(path, at, `the file ends here; it had ${size} bytes a moment ago`);
    at += bytesRead;
  }
  return bytes;
}
