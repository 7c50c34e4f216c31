import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { DataError } from './errors.js';
import { readIdxFile } from './files.js';
import { IDX_FILES, IDX_PARTS, type IdxPart, splitFromContents } from './idx-split.js';
import type { DataSplit } from './images.js';

export { IDX_FILES, IDX_PARTS, type IdxContents, type IdxPart, splitFromContents } from './idx-split.js';

/** Both spellings in use ('-idx3' and '.idx3'), each plain or gzipped. */
function spellings(name: string): string[] {
  const dotted = name.replace(/-(idx\d)/, '.$1');
  return [name, `${name}.gz`, dotted, `${dotted}.gz`];
}

/**
 * Finds the four files of a folder, plain or gzipped, in either spelling.
 *
 * @returns the path of each
 * @throws DataError when the folder cannot be read or files are missing (all of them named)
 */
export async function findIdxFiles(directory: string): Promise<Readonly<Record<IdxPart, string>>> {
  let present: Set<string>;
  try {
    present = new Set(await readdir(directory));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new DataError(directory, undefined, `expected a folder of IDX files: ${reason}`, { cause: error });
  }
  const find = (part: IdxPart) => spellings(IDX_FILES[part]).find((name) => present.has(name));
  const missing = IDX_PARTS.filter((part) => find(part) === undefined).map((part) => IDX_FILES[part]);
  if (missing.length > 0) {
    throw new DataError(
      directory,
      undefined,
      `missing in this folder: ${missing.join(', ')} (each may also end in .gz, and '.idx' may stand for '-idx')`,
    );
  }
  const path = (part: IdxPart) => join(directory, find(part) ?? IDX_FILES[part]);
  return {
    trainImages: path('trainImages'),
    trainLabels: path('trainLabels'),
    testImages: path('testImages'),
    testLabels: path('testLabels'),
  };
}

/**
 * Loads a folder of four IDX files named as MNIST's, plain or gzipped: MNIST itself, Fashion-MNIST, KMNIST, or
 * one's own data in that form. Nothing is assumed about sizes and classes.
 *
 * @throws DataError when a file is missing or damaged, naming it
 */
export async function loadIdxFolder(directory: string): Promise<DataSplit> {
  const paths = await findIdxFiles(directory);
  const read = async (part: IdxPart) => ({ path: paths[part], bytes: await readIdxFile(paths[part]) });
  return splitFromContents({
    trainImages: await read('trainImages'),
    trainLabels: await read('trainLabels'),
    testImages: await read('testImages'),
    testLabels: await read('testLabels'),
  });
}
