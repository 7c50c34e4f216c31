import { join } from 'node:path';
import { messageOf } from '../../tensor/describe.js';
import { checkOptions } from '../../tensor/known-options.js';
import { writeFileAtomic } from '../atomic.js';
import { DataError } from '../errors.js';
import { defaultCache } from './cache.js';
import { ChecksumError, checkSha256 } from './checksum.js';
import { type DownloadTimeouts, download } from './download.js';
import type { DownloadProgress } from './fetch.js';
import type { Content, Source } from './source.js';

/** Where to look for a data set, and whom to tell about progress and problems. */
export interface LoadOptions<Part extends string> {
  /** A folder with the files (default: the one that the data set's variable of the environment names). Nothing is downloaded then. */
  readonly directory?: string | undefined;
  /** Where downloads are kept (default: the system's cache folder, see `defaultCache`). */
  readonly cacheDirectory?: string | undefined;
  /** Never touch the network (default false). */
  readonly offline?: boolean | undefined;
  /** Addresses of folders that serve the files, in order of preference. */
  readonly mirrors?: readonly string[] | undefined;
  /** Called as the bytes of a download come in. */
  readonly onProgress?: ((progress: DownloadProgress) => void) | undefined;
  /** Called with a sentence for the user, such as a cached file found damaged (default: `console.warn`). */
  readonly onNotice?: ((message: string) => void) | undefined;
  /** Breaks off a download. */
  readonly signal?: AbortSignal | undefined;
  readonly timeouts?: DownloadTimeouts | undefined;
  /** SHA-256 of the files, uncompressed (default: those of the data set). */
  readonly checksums?: Readonly<Record<Part, string>> | undefined;
}

const KNOWN: readonly (keyof LoadOptions<string>)[] = [
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

/** The files of a data set, every part of it. */
export type Contents<Part extends string> = Readonly<Record<Part, Content>>;

/**
 * Finds the files of a data set: in `directory` or the folder that its variable names, else in the cache, else by a download into
 * it. Every file's SHA-256 is checked, wherever it came from.
 *
 * @param who the function that was called, for errors of its options
 * @throws DataError when a file is missing, damaged or not the data set's, or could not be downloaded
 * @throws the signal's reason when it is aborted
 */
export async function loadSource<Part extends string>(
  source: Source<Part>,
  options: LoadOptions<Part>,
  who: string,
): Promise<Contents<Part>> {
  checkOptions(options, KNOWN, who);
  const directory = options.directory ?? process.env[source.variable];
  const found = await (directory ? fromFolder(source, directory, options) : fromCache(source, options));
  return Object.fromEntries(found) as Record<Part, Content>;
}

const partsOf = <Part extends string>({ archives }: Source<Part>): Part[] =>
  archives.flatMap(({ parts }) => parts);

type Found<Part extends string> = Map<Part, Content>;

async function fromFolder<Part extends string>(
  source: Source<Part>,
  directory: string,
  { checksums = source.checksums }: LoadOptions<Part>,
): Promise<Found<Part>> {
  const { title, otherwise } = source;
  const pathOf = await source.find(directory);
  const found: Found<Part> = new Map();
  for (const part of partsOf(source)) {
    const path = pathOf(part);
    const bytes = await source.read(path);
    try {
      checkSha256(bytes, checksums[part], path, title);
    } catch (cause) {
      if (!(cause instanceof ChecksumError)) throw cause;
      const problem = `its SHA-256 is not that of ${title}; ${otherwise}`;
      throw new ChecksumError(path, undefined, problem, { cause });
    }
    found.set(part, { path, bytes });
  }
  return found;
}

const isMissing = ({ cause }: DataError): boolean =>
  cause instanceof Error && 'code' in cause && cause.code === 'ENOENT';

async function fromCache<Part extends string>(
  source: Source<Part>,
  options: LoadOptions<Part>,
): Promise<Found<Part>> {
  const { cacheDirectory = defaultCache(source.name), checksums = source.checksums } = options;
  const { mirrors = source.mirrors, onNotice = console.warn, offline = false } = options;
  const pathOf = (part: Part) => join(cacheDirectory, source.cached(part));
  const found: Found<Part> = new Map();
  const troubles: string[] = [];
  for (const part of partsOf(source)) {
    const path = pathOf(part);
    try {
      const bytes = await source.read(path);
      checkSha256(bytes, checksums[part], path, source.title);
      found.set(part, { path, bytes });
    } catch (error) {
      if (!(error instanceof DataError)) throw error;
      if (isMissing(error)) continue;
      troubles.push(error.message);
      if (!offline) onNotice(`${error.message}; downloading it again`);
    }
  }
  for (const archive of source.archives) {
    const wanting = archive.parts.filter((part) => !found.has(part));
    if (wanting.length === 0) continue;
    if (offline) throw offlineError(source, cacheDirectory, found, troubles);
    const parts = await download(source, archive, { ...options, mirrors, checksums });
    for (const [part, { content, kept }] of parts) {
      const path = pathOf(part);
      found.set(part, { path, bytes: content });
      if (!wanting.includes(part)) continue;
      try {
        await writeFileAtomic(path, kept, { overwrite: true });
      } catch (error) {
        // The data itself is good; only the next run will have to fetch it again.
        onNotice(`${path} could not be kept: ${messageOf(error)}`);
      }
    }
  }
  return found;
}

function offlineError<Part extends string>(
  source: Source<Part>,
  cache: string,
  found: Found<Part>,
  troubles: readonly string[],
): DataError {
  const wanting = partsOf(source).filter((part) => !found.has(part));
  const damage = troubles.map((trouble) => `\n  ${trouble}`).join('');
  return new DataError(
    cache,
    undefined,
    `${source.title} is not here (looked for ${wanting.map((part) => source.cached(part)).join(', ')}) and offline mode forbids ` +
      `a download; set ${source.variable} to a folder with the files, or run once online, or use the built-in glyphs instead${damage}`,
  );
}
