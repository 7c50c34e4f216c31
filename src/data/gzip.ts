import { createGunzip } from 'node:zlib';
import { collectIdx } from './unpack.js';

/** Any gzip file may unpack to this many bytes: 256 MiB, five times MNIST. */
const FREE_BYTES = 2 ** 28;
/** A larger one to this many times its size: images pack to a fifth or a tenth. */
const RATIO = 32;
const CHUNK_BYTES = 2 ** 18;

/**
 * Unpacks a gzipped IDX file in slices. A small file cannot take memory beyond a bound: 256 MiB, or 32 times its own size where
 * that is more.
 * @param packed the gzip file
 * @param file its name, for errors
 * @param maxBytes the largest content accepted
 * @returns the IDX file, with exactly the length that its header says
 * @throws DataError when the gzip is damaged or cut short, and for what the IDX header forbids.
 */
export async function gunzipIdx(packed: Uint8Array, file: string, maxBytes: number): Promise<Uint8Array> {
  const gunzip = createGunzip({ chunkSize: CHUNK_BYTES });
  gunzip.end(packed);
  const most = Math.min(maxBytes, Math.max(FREE_BYTES, RATIO * packed.length));
  try {
    return await collectIdx(gunzip, { file, length: packed.length, maxBytes: most });
  } finally {
    gunzip.destroy();
  }
}
