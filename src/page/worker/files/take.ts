import { unzipSync } from 'fflate';
import { DataError } from '../../../data/errors.js';
import type { IdxHeader } from '../../../data/idx.js';
import { clip, messageOf } from '../../../tensor/describe.js';
import { FILES } from '../../../vae/run/files.js';
import type { Settings } from '../../shared/settings.js';
import { MAX_FILE_BYTES, type OwnAnswer } from '../../shared/training.js';
import { isZip } from '../../shared/zip.js';
import type { Lab } from '../lab.js';
import { largestSide } from '../room.js';
import { type IdxContent, missingOf, splitOf, withFiles } from './own.js';
import { bytesOf, type Unpacking, unpackIdx } from './unpack.js';

/** Milliseconds between two reports of progress. */
const BETWEEN = 100;

/** Tells the window how much of a file has been read. */
function progressOf(lab: Lab, file: string): Unpacking['onProgress'] {
  let told = performance.now();
  return (done, total) => {
    if (performance.now() - told < BETWEEN && done < total) return;
    told = performance.now();
    lab.emit({ type: 'reading', file, done, total });
  };
}

/** @throws DataError for images that a model of the settings could not be trained on here, with the largest that could. */
const sizeCheck =
  (file: string, settings: Settings): Unpacking['check'] =>
  ({ kind, rows, columns }: IdxHeader) => {
    const side = largestSide(settings);
    if (kind === 'labels' || rows * columns <= side * side) return;
    throw new DataError(
      file,
      8,
      `found images of ${rows} x ${columns}; with these settings the engine has memory for ${side} x ${side} at most, ` +
        'with smaller hidden layers or batches for more',
    );
  };

/** What a zipped run folder holds. */
export interface Folder {
  readonly checkpoint: Uint8Array;
  readonly data: readonly IdxContent[];
}

/** @throws DataError when it is damaged, too large, or no run folder. */
export async function unzipFolder(file: File): Promise<Folder> {
  const { name } = file;
  let total = file.size;
  const isWanted = (path: string): boolean =>
    path.endsWith(`/${FILES.checkpoint}`) || /\/data\/[^/]+$/.test(path);
  let found: Record<string, Uint8Array>;
  try {
    if (total > MAX_FILE_BYTES) throw new Error(`it has ${total} bytes, more than ${MAX_FILE_BYTES}`);
    found = unzipSync(await bytesOf(file), {
      filter({ name: path, originalSize }) {
        if (!isWanted(path)) return false;
        total += originalSize;
        if (total > MAX_FILE_BYTES) throw new Error(`it unpacks to more than ${MAX_FILE_BYTES} bytes`);
        return true;
      },
    });
  } catch (error) {
    throw new DataError(name, undefined, `the zip file cannot be read: ${messageOf(error)}`, {
      cause: error,
    });
  }
  const entries = Object.entries(found);
  const checkpoint = entries.find(([path]) => path.endsWith(`/${FILES.checkpoint}`))?.[1];
  if (checkpoint === undefined) {
    throw new DataError(
      name,
      undefined,
      `the zip file holds no run folder: there is no ${FILES.checkpoint} in it`,
    );
  }
  const data = entries.filter(([path]) => /\/data\//.test(path));
  return { checkpoint, data: data.map(([path, bytes]) => ({ path: path.split('/').at(-1) ?? '', bytes })) };
}

/**
 * Takes in IDX files, plain or gzipped, and run folders with the images that they were trained on.
 * @throws DataError when one is damaged, too large for the engine, or they do not belong together.
 */
export async function takeIdx(lab: Lab, files: readonly File[], settings: Settings): Promise<OwnAnswer> {
  const contents: IdxContent[] = [];
  for (const file of files) {
    if (await isZip(file)) contents.push(...(await unzipFolder(file)).data);
    else {
      const check = sizeCheck(file.name, settings);
      const onProgress = progressOf(lab, clip(file.name));
      const bytes = await unpackIdx(file, { ...(check && { check }), ...(onProgress && { onProgress }) });
      contents.push({ path: file.name, bytes });
    }
  }
  return takeContents(lab, contents);
}

/** Adds to the files that are here; with all of them there is a data set. */
export function takeContents(lab: Lab, contents: readonly IdxContent[]): OwnAnswer {
  const all = withFiles(lab.ownFiles ?? {}, contents);
  const missing = missingOf(all);
  // Files that do not fit together are dropped, so that the next attempt starts afresh.
  lab.ownFiles = missing === null ? {} : all;
  if (missing !== null) return { missing };
  const { train, test } = splitOf(all);
  lab.ownSplit = { train, test };
  return { missing: null, train: train.count, test: test.count, rows: train.rows, columns: train.columns };
}
