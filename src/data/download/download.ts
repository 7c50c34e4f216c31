import { setTimeout as sleep } from 'node:timers/promises';
import { DataError } from '../errors.js';
import { ChecksumError, checkSha256 } from './checksum.js';
import { type DownloadProgress, fetchBytes, PermanentError } from './fetch.js';
import type { Archive, Source, Unpacked } from './source.js';

/** Times of a download. */
export interface DownloadTimeouts {
  /** Give up on a server that sent no byte for this long, in milliseconds (default 30,000). */
  readonly stallMs?: number;
  /** Waits between one round through the mirrors and the next, in milliseconds (default 500, 2000, 8000). */
  readonly retryDelaysMs?: readonly number[];
}

/** How {@link download} goes about it. */
export interface DownloadOptions<Part extends string> {
  readonly mirrors: readonly string[];
  /** As in {@link Source}. */
  readonly checksums: Readonly<Record<Part, string>>;
  readonly timeouts?: DownloadTimeouts | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: DownloadProgress) => void) | undefined;
}

/**
 * Downloads an archive, and verifies it and every part in it. Mirrors are asked in turn; when all failed, those with a passing
 * trouble are asked again after a wait.
 *
 * @throws DataError when no mirror gave the right file, with each one's reason
 * @throws the signal's reason when it is aborted
 */
export async function download<Part extends string>(
  { title, variable }: Source<Part>,
  archive: Archive<Part>,
  options: DownloadOptions<Part>,
): Promise<ReadonlyMap<Part, Unpacked>> {
  const { timeouts, signal, onProgress } = options;
  const { stallMs = 30_000, retryDelaysMs = [500, 2000, 8000] } = timeouts ?? {};
  const { name: file, maxBytes, path } = archive;
  const sums = new Map<string, string>(Object.entries(options.checksums));
  const check = (bytes: Uint8Array, name: string, where: string): void => {
    const sum = sums.get(name);
    if (sum !== undefined) checkSha256(bytes, sum, where, title);
  };
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
      const url = `${mirror.endsWith('/') ? mirror : `${mirror}/`}${path}`;
      try {
        const packed = await fetchBytes(url, { file, maxBytes, stallMs, signal, onProgress });
        check(packed, file, url);
        const parts = await archive.unpack(packed, url);
        for (const [part, { content }] of parts) check(content, part, url);
        return parts;
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
    file,
    undefined,
    `could not be downloaded; ${options.mirrors.length} mirrors asked:${reasons}\n` +
      `set ${variable} to a folder with the files, try again later, or use the built-in glyphs instead`,
  );
}
