import { basename } from 'node:path';
import { CIFAR10_FILES, loadCifar10, loadCifar10Folder } from '../../data/cifar10/load.js';
import { EMNIST_SPLITS, type EmnistSplit, emnistFiles, loadEmnist } from '../../data/emnist.js';
import { DataError } from '../../data/errors.js';
import { isIdxFolder, listFolder, loadIdxFolder } from '../../data/folder.js';
import { drawColorGlyphs, drawGlyphs } from '../../data/glyphs/index.js';
import { GLYPH_SPLIT } from '../../data/glyphs/split.js';
import { IDX_FILES } from '../../data/idx-split.js';
import { type DataSplit, firstImages } from '../../data/images.js';
import { loadMnist } from '../../data/mnist.js';
import { type DataSpec, dataSchema } from '../../vae/run/spec.js';
import { Failure } from '../errors.js';
import { loadClassFolders } from './class-folders.js';

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

/** Examples in words: 'glyphs', 'MNIST digits' or 'examples of fashion'. */
export const dataWords = (spec: DataSpec): string =>
  spec.source === 'folder' ? `examples of ${dataName(spec)}` : dataSchema.source.choices[spec.source];

/** The split of EMNIST that a name means; undefined for another name. */
const splitNamed = (source: string): EmnistSplit | undefined =>
  EMNIST_SPLITS.find((split) => source === `emnist-${split}`);

/** The folder that a variable of the environment names. @throws Failure where it names none */
function folderOf(source: string, variable: string): string {
  const directory = process.env[variable];
  if (directory) return directory;
  throw new Failure(
    `--data ${source} is read from a folder: set ${variable} to the one with its files, or give it as --data FOLDER`,
  );
}

/** Which kind of data is in a folder is told by the names in it. @throws DataError where none is known */
async function loadFolder(directory: string, spec: DataSpec): Promise<DataSplit> {
  const names = await listFolder(directory, 'data');
  if (isIdxFolder(names)) return loadIdxFolder(directory);
  const splits = EMNIST_SPLITS.filter((split) => isIdxFolder(names, emnistFiles(split)));
  if (splits.length === 1) return loadEmnist(directory, splits[0]);
  if (splits.length > 1) {
    const choices = splits.map((split) => `emnist-${split}`).join(', ');
    throw new DataError(
      directory,
      undefined,
      `found several data sets, ${choices}: set EMNIST_DIR to this folder, and give one of them as --data`,
    );
  }
  if (names.some((name) => CIFAR10_FILES.some((file) => file === name) || name === 'cifar-10-batches-bin')) {
    return loadCifar10Folder(directory);
  }
  const pictures = await loadClassFolders(directory, spec);
  if (pictures !== null) return pictures;
  throw new DataError(
    directory,
    undefined,
    `found no data; looked for IDX files (${Object.values(IDX_FILES).join(', ')}, or EMNIST's, each may end in .gz), ` +
      `for CIFAR-10's binary files (${CIFAR10_FILES[0]} and five more), and for folders of PNG pictures, one for each class`,
  );
}

async function loadWhole(
  spec: DataSpec,
  { offline, onNotice = (message) => console.error(message) }: LoadOptions,
): Promise<DataSplit> {
  const { source, seed } = spec;
  const options = { offline, onNotice, onProgress: downloadNotices(onNotice) };
  if (source === 'mnist') return loadMnist(options);
  if (source === 'cifar10') return loadCifar10(options);
  if (source === 'fashion-mnist') return loadIdxFolder(folderOf(source, 'FASHION_MNIST_DIR'));
  if (source === 'kmnist') return loadIdxFolder(folderOf(source, 'KMNIST_DIR'));
  const split = splitNamed(source);
  if (split !== undefined) return loadEmnist(folderOf(source, 'EMNIST_DIR'), split);
  if (spec.folder !== null) return loadFolder(spec.folder, spec);
  const count = Math.min(spec.train ?? GLYPH_SPLIT.train, GLYPH_SPLIT.train);
  const test = Math.min(spec.test ?? GLYPH_SPLIT.test, GLYPH_SPLIT.test);
  const draw = source === 'glyphs-color' ? drawColorGlyphs : drawGlyphs;
  return {
    train: draw({ count, seed }),
    test: draw({ count: test, seed, start: GLYPH_SPLIT.train }),
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
 * @throws DataError when files are missing or damaged; Failure when nothing says where they are.
 */
export async function loadData(spec: DataSpec, options: LoadOptions): Promise<DataSplit> {
  const { train, test } = await loadWhole(spec, options);
  return { train: firstImages(train, spec.train), test: firstImages(test, spec.test) };
}
