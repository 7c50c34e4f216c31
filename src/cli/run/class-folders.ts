import { stat } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { Random } from '../../autograd/ops/random.js';
import { DataError } from '../../data/errors.js';
import { listFolder } from '../../data/folder.js';
import { type DataSplit, describeImage, imageSize, type LabeledImages } from '../../data/images.js';
import { MAX_FILE_BYTES, readFileBytes } from '../../data/open.js';
import { type Picture, readPng } from './png.js';

/** A picture and the name of its class. */
interface Example {
  readonly path: string;
  readonly name: string;
}

/** Where there is no folder of tests, every sixth picture of each class is one. */
const EVERY = 6;
/** A label is a byte. */
const MAX_CLASSES = 256;
/** No PNG file of an image is larger. */
const MAX_PNG_BYTES = 2 ** 28;
/** Files that are open at a time. */
const AT_ONCE = 16;

const isFolder = async (path: string): Promise<boolean> =>
  stat(path).then(
    (info) => info.isDirectory(),
    () => false,
  );

/** The names of the folders in a folder, sorted; hidden ones are left out. */
async function foldersIn(directory: string): Promise<string[]> {
  const names = (await listFolder(directory, 'PNG pictures')).filter((name) => !name.startsWith('.')).sort();
  const are = await Promise.all(names.map((name) => isFolder(join(directory, name))));
  return names.filter((_, i) => are[i]);
}

/** The pictures of every class, in the order of classes and names. @throws DataError for a file beside them that is none */
async function examplesIn(directory: string, classes: readonly string[]): Promise<Example[]> {
  const all: Example[] = [];
  const others: string[] = [];
  for (const name of classes) {
    const folder = join(directory, name);
    for (const file of (await listFolder(folder, 'PNG pictures')).sort()) {
      if (file.startsWith('.')) continue;
      const path = join(folder, file);
      if (extname(file).toLowerCase() === '.png') all.push({ path, name });
      else others.push(path);
    }
  }
  if (all.length > 0 && others.length > 0) {
    throw new DataError(others[0], undefined, 'expected a PNG picture, as every file of a class must be');
  }
  return all;
}

/** The same shuffle for the same files, whatever the seed of a run: the first examples are of every class. */
function shuffled(examples: readonly Example[]): Example[] {
  const order = new Random(0).stream('data/pictures').permutation(examples.length);
  return Array.from(order, (i) => examples[i]);
}

/** Keeps every sixth picture of each class for tests; at least one of all. */
function divided(examples: readonly Example[], directory: string): [train: Example[], test: Example[]] {
  if (examples.length < 2) {
    throw new DataError(directory, undefined, 'found 1 picture, expected some to train on and some to test');
  }
  const seen = new Map<string, number>();
  const [train, test]: [Example[], Example[]] = [[], []];
  for (const example of examples) {
    const count = (seen.get(example.name) ?? 0) + 1;
    seen.set(example.name, count);
    (count % EVERY === 0 ? test : train).push(example);
  }
  if (test.length === 0) test.push(...train.splice(-1));
  return [train, test];
}

/** Reads pictures, some at a time. @throws DataError for one that has another size than the first, naming both */
async function readAll(examples: readonly Example[], first: Example): Promise<Picture[]> {
  const read = async ({ path }: Example): Promise<Picture> =>
    readPng(await readFileBytes(path, { maxBytes: MAX_PNG_BYTES }), path);
  const size = await read(first);
  const bytes = examples.length * imageSize({ ...size, channels: 3 });
  if (bytes > MAX_FILE_BYTES) {
    throw new DataError(
      first.path,
      undefined,
      `${examples.length} pictures of ${describeImage(size)} take ${bytes} bytes, more than ${MAX_FILE_BYTES}; use fewer or smaller ones`,
    );
  }
  const pictures: Picture[] = [];
  for (let at = 0; at < examples.length; at += AT_ONCE) {
    const some = examples.slice(at, at + AT_ONCE);
    for (const [i, picture] of (await Promise.all(some.map(read))).entries()) {
      if (describeImage(picture) !== describeImage(size)) {
        const problem = `found a picture of ${describeImage(picture)}, expected ${describeImage(size)}, the size of ${first.path}`;
        throw new DataError(some[i].path, undefined, problem);
      }
      pictures.push(picture);
    }
  }
  return pictures;
}

function imagesOf(pictures: readonly Picture[], labels: Uint8Array, channels: number): LabeledImages {
  const { rows, columns } = pictures[0];
  const shape = { channels, rows, columns };
  const plane = rows * columns;
  const pixels = new Uint8Array(pictures.length * imageSize(shape));
  for (const [i, { planes }] of pictures.entries()) {
    for (let c = 0; c < channels; c++) pixels.set(planes[c] ?? planes[0], (i * channels + c) * plane);
  }
  return { ...shape, count: pictures.length, pixels, labels };
}

/** The most examples of each part; null for all. */
interface Limits {
  readonly train: number | null;
  readonly test: number | null;
}

/**
 * Loads a folder with a folder of PNG pictures for each class, or with two such folders, `train` and `test`. Classes are numbered in
 * the order of their names. Without `train` and `test` every sixth picture of a class is tested on, of an order that follows from the
 * files alone. The images are in colour where any picture has a pixel that is not gray.
 * @returns null where there is no picture
 * @throws DataError naming the file that is no picture, or has another size than the others
 */
export async function loadClassFolders(directory: string, limits: Limits): Promise<DataSplit | null> {
  const folders = await foldersIn(directory);
  const isDivided = folders.includes('train') && folders.includes('test');
  const [trainAt, testAt] = isDivided
    ? ['train', 'test'].map((name) => join(directory, name))
    : [directory, directory];
  const [trainNames, testNames] = isDivided
    ? [await foldersIn(trainAt), await foldersIn(testAt)]
    : [folders, folders];
  const classes = [...new Set([...trainNames, ...testNames])].sort();
  if (classes.length > MAX_CLASSES) {
    throw new DataError(
      directory,
      undefined,
      `found ${classes.length} classes, expected ${MAX_CLASSES} at most`,
    );
  }
  const found = shuffled(await examplesIn(trainAt, trainNames));
  if (found.length === 0) return null;
  const parts = isDivided
    ? [found, shuffled(await examplesIn(testAt, testNames))]
    : divided(found, directory);
  const [train, test] = [limits.train, limits.test].map((most, i) => parts[i].slice(0, most ?? undefined));
  if (test.length === 0) throw new DataError(testAt, undefined, 'found no PNG picture to test on');
  const pictures = await readAll([...train, ...test], train[0]);
  const channels = pictures.some(({ planes }) => planes.length === 3) ? 3 : 1;
  const numbers = new Map(classes.map((name, i) => [name, i]));
  const labelsOf = (examples: readonly Example[]): Uint8Array =>
    Uint8Array.from(examples, ({ name }) => numbers.get(name) ?? 0);
  return {
    train: imagesOf(pictures.slice(0, train.length), labelsOf(train), channels),
    test: imagesOf(pictures.slice(train.length), labelsOf(test), channels),
  };
}
