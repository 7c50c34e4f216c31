import { setTimeout as sleep } from 'node:timers/promises';
import { DataError } from '../errors.js';
import { unpackIdx } from '../files.js';
import { ChecksumError, checkSha256 } from './checksum.js';
import { type DownloadProgress, fetchBytes, PermanentError } from './fetch.js';

/** Where MNIST can be had, in the order in which it is asked for. Each serves `<name>.gz`. */
export const MNIST_MIRRORS: readonly string[] = [
  'https://ossci-datasets.s3.amazonaws.com/mnist/',
  'https://storage.googleapis.com/cvdf-datasets/mnist/',
];

/** The largest file is 47 MB, 10 MB packed. */
const MAX_PACKED_BYTES = 64 * 2 ** 20;
const MAX_CONTENT_BYTES = 256 * 2 ** 20;

/** Times of a download. */
export interface DownloadTimeouts {
  /** Give up on a server that sent no byte for this long, in milliseconds (default 30,000). */
  readonly stallMs?: number;
  /** Waits between one round through the mirrors and the next, in milliseconds (default 500, 2000, 8000). */
  readonly retryDelaysMs?: readonly number[];
}

/** How {@link downloadIdx} goes about it. */
export interface DownloadOptions {
  readonly mirrors: readonly string[];
  /** SHA-256 of the uncompressed content. */
  readonly sha256: string;
  readonly timeouts?: DownloadTimeouts | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: DownloadProgress) => void) | undefined;
}

/** A file as it came and as it is. */
export interface Downloaded {
  /** What the server sent: a gzip file as a rule. */
  readonly packed: Uint8Array<ArrayBuffer>;
  /** The uncompressed content, its checksum verified. */
  readonly content: Uint8Array;
}

/**
 * Downloads an IDX file, gzipped as `<name>.gz`, and verifies it. Mirrors are asked in turn; when all failed,
 * those with a passing trouble are asked again after a wait.
 *
 * @param name the file's name, without '.gz'
 * @throws DataError when no mirror gave the right file, with each one's reason
 * @throws the signal's reason when it is aborted
 */
export async function downloadIdx(name: string, options: DownloadOptions): Promise<Downloaded> {
  const { sha256, timeouts, signal } = options;
  const { stallMs = 30_000, retryDelaysMs = [500, 2000, 8000] } = timeouts ?? {};
  const failures = new Map<string, string>();
  let mirrors = [...options.mirrors];
  for (let round = 0; round <= retryDelaysMs.length && mirrors.length > 0; round++) {
    if (round > 0) {
      // Woken early by the signal, whose reason is what is thrown.
      await sleep(retryDelaysMs[round - 1], undefined, signal && { signal }).catch(() => undefined);
      signal?.throwIfAborted();
    }
    const again: string[] = [];
    for (const mirror of mirrors) {
      const url = `${mirror.endsWith('/') ? mirror : `${mirror}/`}${name}.gz`;
      try {
        const limits = { file: name, maxBytes: MAX_PACKED_BYTES, stallMs };
        const packed = await fetchBytes(url, { ...limits, signal, onProgress: options.onProgress });
        const content = await unpackIdx(packed, url, MAX_CONTENT_BYTES);
        checkSha256(content, sha256, url);
        return { packed, content };
      } catch (error) {
        signal?.throwIfAborted();
        if (!(error instanceof DataError)) throw error;
        failures.set(mirror, error.message);
        const hopeless = error instanceof PermanentError || error instanceof ChecksumError;
        if (!hopeless) again.push(mirror);
      }
    }
    mirrors = again;
  }
  const reasons = options.mirrors.map((mirror) => `\n  ${failures.get(mirror) ?? mirror}`).join('');
  throw new DataError(
    name,
    undefined,
    `could not be downloaded; ${options.mirrors.length} mirrors asked:${reasons}\n` +
      'set MNIST_DIR to a folder with the four files, try again later, or use the built-in glyphs instead',
  );
}
