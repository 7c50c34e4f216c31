import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { messageOf } from '../../tensor/describe.js';
import { checkOptions } from '../../tensor/known-options.js';
import { writeFileAtomic } from '../atomic.js';
import { DataError } from '../errors.js';
import { readIdxFile } from '../files.js';
import { findIdxFiles } from '../folder.js';
import { IDX_FILES, IDX_PARTS, type IdxContent, type IdxPart, readSplit } from '../idx-split.js';
import type { DataSplit } from '../images.js';
import { isGzip } from '../unpack.js';
import { defaultMnistCache } from './cache.js';
import { ChecksumError, type Checksums, checkSha256, MNIST_CHECKSUMS } from './checksum.js';
import { type DownloadTimeouts, downloadIdx, MNIST_MIRRORS } from './download.js';
import type { DownloadProgress } from './fetch.js';

/** Where {@link loadMnist} looks, and what it tells meanwhile. */
export interface MnistOptions {
  /** A folder with the four files (default: the environment's MNIST_DIR). Nothing is downloaded then. */
  readonly directory?: string | undefined;
  /** Where downloads are kept (default: the system's cache folder, see {@link defaultMnistCache}). */
  readonly cacheDirectory?: string | undefined;
  /** Never touch the network (default false). */
  readonly offline?: boolean | undefined;
  /** Addresses of folders that serve the files gzipped, in order of preference. */
  readonly mirrors?: readonly string[] | undefined;
  /** Called as the bytes of a download come in. */
  readonly onProgress?: ((progress: DownloadProgress) => void) | undefined;
  /** Called with a sentence for the user, such as a cached file found damaged (default: `console.warn`). */
  readonly onNotice?: ((message: string) => void) | undefined;
  /** Breaks off a download. */
  readonly signal?: AbortSignal | undefined;
  readonly timeouts?: DownloadTimeouts | undefined;
  /** SHA-256 of the four files, uncompressed (default: MNIST's). */
  readonly checksums?: Checksums | undefined;
}

const KNOWN: readonly (keyof MnistOptions)[] = [
  'directory',
  'cacheDirectory',
  'offline',
  'mirrors',
  'onProgress',
  'onNotice',
  'signal',
  'timeouts',
  'checksums',
];

/**
 * Loads MNIST: 60,000 training and 10,000 test images of 28 x 28. Taken from `directory` or MNIST_DIR if given,
 * else from the cache folder, else downloaded into it. Every file's SHA-256 is checked, wherever it came from.
 *
 * @throws DataError when a file is missing, damaged or not MNIST's, or could not be downloaded
 * @throws the signal's reason when it is aborted
 */
export async function loadMnist(options: MnistOptions = {}): Promise<DataSplit> {
  checkOptions(options, KNOWN, 'loadMnist');
  const { MNIST_DIR } = process.env;
  const directory = options.directory ?? MNIST_DIR;
  return readSplit(directory ? await fromFolder(directory, options) : await cacheSource(options));
}

type Source = (part: IdxPart) => Promise<IdxContent>;

async function fromFolder(directory: string, { checksums = MNIST_CHECKSUMS }: MnistOptions): Promise<Source> {
  const pathOf = await findIdxFiles(directory);
  return async (part) => {
    const path = pathOf(part);
    const bytes = await readIdxFile(path);
    try {
      checkSha256(bytes, checksums[part], path);
    } catch (cause) {
      if (!(cause instanceof ChecksumError)) throw cause;
      const problem = 'its SHA-256 is not that of MNIST; load other data as a folder of IDX files';
      throw new ChecksumError(path, undefined, problem, { cause });
    }
    return { path, bytes };
  };
}

async function cacheSource(options: MnistOptions): Promise<Source> {
  const { cacheDirectory = defaultMnistCache(), checksums = MNIST_CHECKSUMS } = options;
  const { onNotice = console.warn } = options;
  const pathOf = (part: IdxPart) => join(cacheDirectory, `${IDX_FILES[part]}.gz`);
  const cached = new Map<IdxPart, IdxContent>();
  const troubles: string[] = [];
  for (const part of IDX_PARTS) {
    const path = pathOf(part);
    try {
      const bytes = await readIdxFile(path);
      checkSha256(bytes, checksums[part], path);
      cached.set(part, { path, bytes });
    } catch (error) {
      if (!(error instanceof DataError)) throw error;
      if (isMissing(error)) continue;
      troubles.push(error.message);
      if (options.offline !== true) onNotice(`${error.message}; downloading it again`);
    }
  }
  if (options.offline === true && cached.size < IDX_PARTS.length) {
    const wanting = IDX_PARTS.filter((part) => !cached.has(part));
    throw offlineError(cacheDirectory, wanting, troubles);
  }
  return async (part) => cached.get(part) ?? download(part, pathOf(part), checksums[part], onNotice, options);
}

function isMissing(error: DataError): boolean {
  return error.cause instanceof Error && 'code' in error.cause && error.cause.code === 'ENOENT';
}

function offlineError(cache: string, wanting: readonly IdxPart[], troubles: readonly string[]): DataError {
  const names = wanting.map((part) => IDX_FILES[part]).join(', ');
  const damage = troubles.map((trouble) => `\n  ${trouble}`).join('');
  return new DataError(
    cache,
    undefined,
    `MNIST is not here (looked for ${names}) and offline mode forbids a download; set MNIST_DIR to a folder ` +
      `with the four files, or run once online, or use the built-in glyphs instead${damage}`,
  );
}

async function download(
  part: IdxPart,
  path: string,
  sha256: string,
  onNotice: (message: string) => void,
  { mirrors = MNIST_MIRRORS, timeouts, signal, onProgress }: MnistOptions,
): Promise<IdxContent> {
  const file = await downloadIdx(IDX_FILES[part], { mirrors, sha256, timeouts, signal, onProgress });
  try {
    const packed = isGzip(file.packed) ? file.packed : gzipSync(file.packed);
    await writeFileAtomic(path, packed, { overwrite: true });
  } catch (error) {
    // The data itself is good; only the next run will have to fetch it again.
    onNotice(`${path} could not be kept: ${messageOf(error)}`);
  }
  return { path, bytes: file.content };
}
