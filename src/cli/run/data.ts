import { basename } from 'node:path';
import { loadIdxFolder } from '../../data/folder.js';
import { drawGlyphs } from '../../data/glyphs/index.js';
import { GLYPH_SPLIT } from '../../data/glyphs/split.js';
import { type DataSplit, firstImages } from '../../data/images.js';
import { loadMnist } from '../../data/mnist.js';
import type { DataSpec } from '../../vae/run/spec.js';

export interface LoadOptions {
  /** Never download. */
  readonly offline: boolean;
  /** Called with a sentence for the person. Defaults to writing it to stderr. */
  readonly onNotice?: (message: string) => void;
}

/** A name for folders and titles: 'glyphs', 'mnist', or the name of the folder. */
export function dataName({ source, folder }: DataSpec): string {
  if (source !== 'folder' || folder === null) return source;
  return basename(folder).replace(/[^\w.-]+/g, '-') || 'data';
}

async function loadWhole(
  spec: DataSpec,
  { offline, onNotice = (message) => console.error(message) }: LoadOptions,
): Promise<DataSplit> {
  if (spec.source === 'mnist') return loadMnist({ offline, onNotice, onProgress: downloadNotices(onNotice) });
  if (spec.folder !== null) return loadIdxFolder(spec.folder);
  const { seed } = spec;
  const count = Math.min(spec.train ?? GLYPH_SPLIT.train, GLYPH_SPLIT.train);
  const test = Math.min(spec.test ?? GLYPH_SPLIT.test, GLYPH_SPLIT.test);
  return {
    train: drawGlyphs({ count, seed }),
    test: drawGlyphs({ count: test, seed, start: GLYPH_SPLIT.train }),
  };
}

/** One sentence for each file of a download. */
function downloadNotices(onNotice: (message: string) => void): (progress: { file: string }) => void {
  const told = new Set<string>();
  return ({ file }) => {
    if (told.has(file)) return;
    told.add(file);
    onNotice(`downloading ${file} ...`);
  };
}

/**
 * Loads or draws a run's examples.
 * @throws DataError when files are missing or damaged.
 */
export async function loadData(spec: DataSpec, options: LoadOptions): Promise<DataSplit> {
  const { train, test } = await loadWhole(spec, options);
  return { train: firstImages(train, spec.train), test: firstImages(test, spec.test) };
}
