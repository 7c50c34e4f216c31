import { join } from 'node:path';
import { type Contents, type LoadOptions, loadSource } from '../download/load.js';
import type { Content, Source } from '../download/source.js';
import { DataError } from '../errors.js';
import { listFolder } from '../folder.js';
import type { DataSplit } from '../images.js';
import { readFileBytes } from '../open.js';
import { untar } from '../tar.js';
import { parseCifar10 } from './parse.js';

const TRAIN = [
  'data_batch_1.bin',
  'data_batch_2.bin',
  'data_batch_3.bin',
  'data_batch_4.bin',
  'data_batch_5.bin',
] as const;
const TEST = 'test_batch.bin';
/** The six files of CIFAR-10's binary version. */
export const CIFAR10_FILES = [...TRAIN, TEST] as const;
/** One of the six files. */
export type Cifar10File = (typeof CIFAR10_FILES)[number];

const ARCHIVE = 'cifar-10-binary.tar.gz';
/** The folder that the archive unpacks to. */
const FOLDER = 'cifar-10-batches-bin';
/** 10,000 records. */
const FILE_BYTES = 30_730_000;
const ARCHIVE_BYTES = 170_052_171;

/** SHA-256 (64 lower-case hexadecimal digits) of the archive and of each file in it. */
export type Cifar10Checksums = Readonly<Record<Cifar10File | 'cifar-10-binary.tar.gz', string>>;

/**
 * SHA-256 of the archive, as MLDatasets.jl has it, and of its files, as torchvision-ruby has them. The archive's MD5 on the
 * page of the data set (https://www.cs.toronto.edu/~kriz/cifar.html) is c32a1d4ab5d03f1284b67883e8d87530.
 */
export const CIFAR10_CHECKSUMS: Cifar10Checksums = {
  [ARCHIVE]: 'c4a38c50a1bc5f3a1c5537f2155ab9d68f9f25eb1ed8d9ddda3db29a59bca1dd',
  'data_batch_1.bin': 'cee916563c9f80d84e3cc88e17fdc0941787f1244f00a67874d45b261883ada5',
  'data_batch_2.bin': 'a591ca11fa1708a91ee40f54b3da4784ccd871ecf2137de63f51ada8b3fa57ed',
  'data_batch_3.bin': 'bbe8596564c0f86427f876058170b84dac6670ddf06d79402899d93ceea26f67',
  'data_batch_4.bin': '014e562d6e23c72197cc727519169a60359f5eccd8945ad5a09d710285ff4e48',
  'data_batch_5.bin': '755304fc0b379caeae8c14f0dac912fbc7d6cd469eb67a1029a08a39453a9add',
  [TEST]: '8e2eb146ae340b09e24670f29cabc6326dba54da8789dab6768acf480273f65b',
};

/** Where CIFAR-10 can be had: each serves the archive. */
export const CIFAR10_MIRRORS: readonly string[] = [
  'https://www.cs.toronto.edu/~kriz/',
  'https://storage.googleapis.com/s4tf-hosted-binaries/datasets/CIFAR10/',
];

/** Where {@link loadCifar10} looks, and what it tells meanwhile. */
export type Cifar10Options = LoadOptions<Cifar10File | 'cifar-10-binary.tar.gz'>;

/**
 * Finds the six files in a folder, or in the folder within it that the archive unpacks to.
 *
 * @returns the path of each
 * @throws DataError when the folder cannot be read or files are missing (all of them named)
 */
export async function findCifar10Files(directory: string): Promise<(file: Cifar10File) => string> {
  const here = await listFolder(directory, 'the files of CIFAR-10');
  const isAbove = here.includes(FOLDER) && !here.includes(TEST);
  const folder = isAbove ? join(directory, FOLDER) : directory;
  const present = isAbove ? await listFolder(folder, 'the files of CIFAR-10') : here;
  const missing = CIFAR10_FILES.filter((name) => !present.includes(name));
  if (missing.length === 0) return (file) => join(folder, file);
  throw new DataError(
    folder,
    undefined,
    `missing in this folder: ${missing.join(', ')} (the binary version of CIFAR-10, unpacked)`,
  );
}

const CIFAR10: Source<Cifar10File> = {
  title: 'CIFAR-10',
  name: 'cifar10',
  variable: 'CIFAR10_DIR',
  otherwise: 'load other data of this form as a folder',
  archives: [
    {
      name: ARCHIVE,
      path: ARCHIVE,
      maxBytes: ARCHIVE_BYTES,
      parts: CIFAR10_FILES,
      async unpack(packed, file) {
        const files = await untar(packed, file, CIFAR10_FILES, FILE_BYTES);
        return new Map([...files].map(([name, content]) => [name, { content, kept: content }]));
      },
    },
  ],
  checksums: CIFAR10_CHECKSUMS,
  mirrors: CIFAR10_MIRRORS,
  cached: (file) => file,
  find: findCifar10Files,
  read: (path) => readFileBytes(path),
};

const splitOf = (contents: Contents<Cifar10File>): DataSplit => ({
  train: parseCifar10(TRAIN.map((name) => contents[name])),
  test: parseCifar10([contents[TEST]]),
});

/**
 * Loads CIFAR-10: 50,000 training and 10,000 test images of 32 x 32 in colour. Taken from `directory` or CIFAR10_DIR if given
 * (the unpacked binary version), else from the cache folder, else downloaded into it. Every file's SHA-256 is checked, wherever it
 * came from.
 *
 * @throws DataError when a file is missing, damaged or not CIFAR-10's, or could not be downloaded
 * @throws the signal's reason when it is aborted
 */
export const loadCifar10 = async (options: Cifar10Options = {}): Promise<DataSplit> =>
  splitOf(await loadSource(CIFAR10, options, 'loadCifar10'));

/**
 * Loads a folder of six files in the form of CIFAR-10's binary version, of any number of images, without asking whose they are.
 *
 * @throws DataError when a file is missing or damaged, naming it
 */
export async function loadCifar10Folder(directory: string): Promise<DataSplit> {
  const pathOf = await findCifar10Files(directory);
  const files = new Map<Cifar10File, Content>();
  for (const name of CIFAR10_FILES)
    files.set(name, { path: pathOf(name), bytes: await readFileBytes(pathOf(name)) });
  return splitOf(Object.fromEntries(files) as Contents<Cifar10File>);
}
