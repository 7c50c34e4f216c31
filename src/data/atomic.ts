import { randomUUID } from 'node:crypto';
import { link, mkdir, open, rename, stat, unlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { checkOptions } from '../tensor/known-options.js';

/** How {@link writeFileAtomic} treats a file that is already there. */
export interface WriteOptions {
  /** Put the new file in the place of an existing one (default false: refuse). */
  readonly overwrite?: boolean;
}

const code = (error: unknown) => (error instanceof Error && 'code' in error ? error.code : undefined);

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
    if (code(error) === 'EEXIST') throw alreadyThere(path);
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
    if (code(error) === 'ENOENT') return false;
    throw error;
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
 * @throws Error when the file exists and `overwrite` is not set, or the disk refuses
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
  await mkdir(folder, { recursive: true });
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
    throw error;
  }
  await syncFolder(folder);
}
