import { access } from 'node:fs/promises';
import { writeFileAtomic } from '../../data/node.js';
import { Failure, isSystemError } from '../errors.js';
import type { Canvas } from '../pictures/canvas.js';

/**
 * Writes a picture to where the person asked for, and says so.
 * @throws Failure when the file exists and `force` is not given.
 */
export async function writePicture(path: string, picture: Canvas, force: boolean): Promise<void> {
  if (!force && (await exists(path))) {
    throw new Failure(
      `${path} exists already and was left as it is; give another --out, or --force to replace it`,
    );
  }
  await writeFileAtomic(path, picture.png(), { overwrite: force });
  console.log(`${path}: ${picture.width} x ${picture.height} pixels`);
}

async function exists(path: string): Promise<boolean> {
  try {
    await access(path);
    return true;
  } catch (error) {
    if (isSystemError(error, 'ENOENT')) return false;
    throw error;
  }
}
