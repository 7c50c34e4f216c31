import { TELLING_BYTES } from '../tensor/file-kind.js';
import { checkOptions } from '../tensor/known-options.js';
import { gunzipIdx } from './gzip.js';
import { checkIdxLength, readIdxHeader } from './idx.js';
import { MAX_FILE_BYTES, type ReadOptions, withFile } from './open.js';
import { isGzip } from './unpack.js';

/**
 * Unpacks IDX content if it is gzipped (its first two bytes tell, not its name) and checks its length.
 *
 * @throws DataError as {@link readIdxFile}
 */
export async function unpackIdx(
  bytes: Uint8Array,
  file: string,
  maxBytes = MAX_FILE_BYTES,
): Promise<Uint8Array> {
  if (isGzip(bytes)) return gunzipIdx(bytes, file, maxBytes);
  checkIdxLength(readIdxHeader(bytes, file), bytes.length, file);
  return bytes;
}

/**
 * Reads an IDX file, plain or gzipped (its first two bytes tell, not its name). Header and length are
 * checked before memory is taken for the content; a gzipped file may unpack to 256 MiB, or to 32 times its size.
 *
 * @returns the uncompressed file, for `parseImages` or `parseLabels`
 * @throws DataError when the file is missing, unreadable, no file but a pipe or a device, damaged, too large or of another
 * length than its header says; one that is something else than IDX is called by its name.
 */
export async function readIdxFile(path: string, options: ReadOptions = {}): Promise<Uint8Array> {
  checkOptions(options, ['maxBytes'], 'readIdxFile');
  const { maxBytes = MAX_FILE_BYTES } = options;
  return withFile(path, maxBytes, async (file) => {
    const start = await file.start(TELLING_BYTES);
    if (!isGzip(start)) checkIdxLength(readIdxHeader(start, path), file.size, path);
    return unpackIdx(await file.whole(), path, maxBytes);
  });
}
