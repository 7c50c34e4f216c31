import { randomUUID } from 'node:crypto';
import { link, mkdir, open, rename, stat, unlink } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { CLIPPED_PATH, clip, messageOf } from '../tensor/describe.js';
import { checkOptions } from '../tensor/known-options.js';
import { codeOf, reasonOf } from './system-error.js';

/** How {@link writeFileAtomic} treats a file that is already there. */
export interface WriteOptions {
  /** Put the new file in the place of an existing one (default false: refuse). */
  readonly overwrite?: boolean;
}

const REASONS: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk quota is used up',
  EFBIG: 'the file is larger than the system allows here',
  EROFS: 'the disk is read-only',
  ENOENT: 'its folder is not there',
  EISDIR: 'a folder has this name',
};

/** Why the system does not write, in words. */
export const writeReason = (error: unknown): string => reasonOf(error, REASONS) ?? messageOf(error);

/** An error that names the file or folder that cannot be written, and why; the system's error is its cause. */
export class WriteError extends Error {
  override readonly name = 'WriteError';

  /** @param path the file or folder */
  constructor(
    readonly path: string,
    cause: unknown,
    what = 'it cannot be written',
  ) {
    super(`${clip(path, CLIPPED_PATH)}: ${what}: ${writeReason(cause)}`, { cause });
  }
}

const isFolder = async (path: string): Promise<boolean> =>
  stat(path).then(
    (info) => info.isDirectory(),
    () => false,
  );

/** Makes one folder, and syncs its entry. @throws the system's error, also where it is there already */
export async function addFolder(path: string): Promise<void> {
  await mkdir(path);
  await syncFolder(dirname(path));
}

/**
 * Makes a folder and those above it that are missing, and syncs each entry. Not mkdir's own recursion: it hides the cause on a
 * disk that refuses, and never ends below /proc.
 * @throws WriteError naming the folder that cannot be made
 */
export async function makeFolder(path: string): Promise<void> {
  const missing: string[] = [];
  for (let at = resolve(path); !(await exists(at)); at = dirname(at)) missing.unshift(at);
  for (const folder of missing) {
    try {
      await addFolder(folder);
    } catch (error) {
      // Another process may have made it meanwhile.
      if (codeOf(error) === 'EEXIST' && (await isFolder(folder))) continue;
      const cause =
        codeOf(error) === 'ENOENT'
          ? new Error('the file system takes no folders here', { cause: error })
          : error;
      throw new WriteError(folder, cause, 'the folder cannot be made');
    }
  }
  if (await isFolder(path)) return;
  throw new WriteError(path, new Error('it is a file, not a folder'), 'the folder cannot be made');
}

function alreadyThere(path: string): Error {
  return new Error(
    `writeFileAtomic: ${path} exists already and was left as it is; ` +
      'choose another name, or ask for it to be overwritten',
  );
}

/** Moves temp to path unless path exists; a hard link is the one step that refuses and moves at once. */
async function moveIfAbsent(temp: string, path: string): Promise<void> {
  try {
    await link(temp, path);
  } catch (error) {
    if (codeOf(error) === 'EEXIST') throw alreadyThere(path);
    // A file system without hard links: look, then rename.
    if (await exists(path)) throw alreadyThere(path);
    await rename(temp, path);
    return;
  }
  await unlink(temp);
}

/** Whether there is a file or folder at this path. */
export async function exists(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return false;
    throw new WriteError(path, error, 'it cannot be looked for');
  }
}

/** Makes the new name itself survive a power cut; not every system can, and the file is whole either way. */
async function syncFolder(folder: string): Promise<void> {
  try {
    const handle = await open(folder, 'r');
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
  } catch {
    // Windows and some network file systems refuse to sync a folder.
  }
}

/**
 * Writes a file whole or not at all: the bytes go to a temporary file in the same folder, are flushed to
 * the disk, and take the final name in one step. Whatever fails, the old file is whole and no temporary file
 * stays. The folder is made if it is missing.
 *
 * @param path where the file goes
 * @param bytes its content; a string is written as UTF-8
 * @throws Error when the file exists and `overwrite` is not set; WriteError, which names the file and the cause, when the disk refuses
 */
export async function writeFileAtomic(
  path: string,
  bytes: Uint8Array | string,
  options: WriteOptions = {},
): Promise<void> {
  checkOptions(options, ['overwrite'], 'writeFileAtomic');
  const { overwrite = false } = options;
  if (!overwrite && (await exists(path))) throw alreadyThere(path);
  const folder = dirname(path);
  await makeFolder(folder);
  const temp = join(folder, `.${basename(path)}.${randomUUID()}.tmp`);
  try {
    const handle = await open(temp, 'wx');
    try {
      await handle.writeFile(bytes);
      await handle.sync();
    } finally {
      await handle.close();
    }
    if (overwrite) await rename(temp, path);
    else await moveIfAbsent(temp, path);
  } catch (error) {
    await unlink(temp).catch(() => undefined);
    throw codeOf(error) === undefined ? error : new WriteError(path, error);
  }
  await syncFolder(folder);
}
