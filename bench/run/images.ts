import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { drawGlyphs, type LabeledImages } from '../../src/data/index.js';
import { loadIdxFolder } from '../../src/node.js';
import type { ImageFile } from '../measure/images.js';

const EPOCH = 60_000;
/** Enough for the few steps of a quick pass. */
const QUICK = 4096;

async function load(quick: boolean): Promise<{ readonly images: LabeledImages; readonly says: string }> {
  const folder = process.env.MNIST_DIR;
  if (folder) return { images: (await loadIdxFolder(folder)).train, says: 'MNIST' };
  const count = quick ? QUICK : EPOCH;
  return {
    images: drawGlyphs({ count, seed: 0 }),
    says: `${count} drawn glyphs (MNIST_DIR is not set: it names the folder with MNIST's four IDX files)`,
  };
}

/** Writes the training images to a file that every subject reads. @throws DataError when MNIST_DIR cannot be read. */
export async function writeImages(
  folder: string,
  quick: boolean,
): Promise<{ readonly file: ImageFile; readonly says: string }> {
  const { images, says } = await load(quick);
  const path = join(folder, 'images.u8');
  await writeFile(path, images.pixels);
  return { file: { path, count: images.count, rows: images.rows, columns: images.columns }, says };
}
