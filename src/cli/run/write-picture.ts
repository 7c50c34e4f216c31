import { exists } from '../../data/atomic.js';
import { writeFileAtomic } from '../../data/node.js';
import { Failure } from '../errors.js';
import type { Canvas } from '../pictures/canvas.js';

/**
 * Writes a picture to the requested path and reports it.
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
