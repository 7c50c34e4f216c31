import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { messageOf } from '../tensor/describe.js';
import { DataError } from './errors.js';
import { readIdxFile } from './files.js';
import { IDX_FILES, IDX_PARTS, type IdxNames, type IdxPart, readSplit } from './idx-split.js';
import type { DataSplit } from './images.js';
import { reasonOf } from './system-error.js';

/** Both spellings in use ('-idx3' and '.idx3'), each plain or gzipped. */
function spellings(name: string): string[] {
  const dotted = name.replace(/-(idx\d)/, '.$1');
  return [name, `${name}.gz`, dotted, `${dotted}.gz`];
}

/** The names of what is in a folder. @param what it should hold @throws DataError when it cannot be read */
export async function listFolder(directory: string, what: string): Promise<string[]> {
  return readdir(directory).catch((cause: unknown) => {
    const reason = reasonOf(cause, { ENOENT: 'there is none', ENOTDIR: 'it is a file' }) ?? messageOf(cause);
    throw new DataError(directory, undefined, `expected a folder of ${what}: ${reason}`, { cause });
  });
}

/** Whether a folder with these names in it has any of the four files. @param files what they are called */
export const isIdxFolder = (present: readonly string[], files: IdxNames = IDX_FILES): boolean =>
  IDX_PARTS.some((part) => spellings(files[part]).some((name) => present.includes(name)));

/**
 * Finds the four files of a folder, plain or gzipped, in either spelling.
 *
 * @param names what they are called. Defaults to MNIST's names
 * @returns the path of each part
 * @throws DataError when the folder cannot be read or files are missing (all of them named)
 */
export async function findIdxFiles(
  directory: string,
  names: IdxNames = IDX_FILES,
): Promise<(part: IdxPart) => string> {
  const present = await listFolder(directory, 'IDX files');
  const find = (part: IdxPart) => spellings(names[part]).find((name) => present.includes(name));
  const missing = IDX_PARTS.filter((part) => find(part) === undefined).map((part) => names[part]);
  if (missing.length > 0) {
    throw new DataError(
      directory,
      undefined,
      `missing in this folder: ${missing.join(', ')} (each may also end in .gz, and '.idx' may stand for '-idx')`,
    );
  }
  return (part) => join(directory, find(part) ?? names[part]);
}

/** Loads four IDX files. @throws DataError when one is damaged, naming it */
export const loadIdxFiles = (pathOf: (part: IdxPart) => string): Promise<DataSplit> =>
  readSplit(async (part) => ({ path: pathOf(part), bytes: await readIdxFile(pathOf(part)) }));

/**
 * Loads a folder of four IDX files named as MNIST's, plain or gzipped: MNIST itself, Fashion-MNIST, KMNIST, or
 * one's own data in that form. Nothing is assumed about sizes and classes.
 *
 * @throws DataError when a file is missing or damaged, naming it
 */
export async function loadIdxFolder(directory: string): Promise<DataSplit> {
  return loadIdxFiles(await findIdxFiles(directory));
}
