import { gzipSync } from 'node:zlib';
import { type LoadOptions, loadSource } from './download/load.js';
import type { Archive, Source } from './download/source.js';
import { readIdxFile, unpackIdx } from './files.js';
import { findIdxFiles } from './folder.js';
import { IDX_FILES, IDX_PARTS, type IdxPart, splitFromContents } from './idx-split.js';
import type { DataSplit } from './images.js';
import { isGzip } from './unpack.js';

/** SHA-256 (64 lower-case hexadecimal digits) of each file, uncompressed. */
export type Checksums = Readonly<Record<IdxPart, string>>;

/** SHA-256 of MNIST's four files, uncompressed: the same in every copy, however it was packed. */
export const MNIST_CHECKSUMS: Checksums = {
  trainImages: 'ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db',
  trainLabels: '65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5',
  testImages: '0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7',
  testLabels: 'ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2',
};

/** Where MNIST can be had, in the order in which it is asked for. Each serves `<name>.gz`. */
export const MNIST_MIRRORS: readonly string[] = [
  'https://ossci-datasets.s3.amazonaws.com/mnist/',
  'https://storage.googleapis.com/cvdf-datasets/mnist/',
];

/** The largest file is 47 MB, 10 MB packed. */
const MAX_PACKED_BYTES = 64 * 2 ** 20;
const MAX_CONTENT_BYTES = 256 * 2 ** 20;

/** Where {@link loadMnist} looks, and what it tells meanwhile. */
export type MnistOptions = LoadOptions<IdxPart>;

const archiveOf = (part: IdxPart): Archive<IdxPart> => ({
  name: IDX_FILES[part],
  path: `${IDX_FILES[part]}.gz`,
  maxBytes: MAX_PACKED_BYTES,
  parts: [part],
  async unpack(packed, file) {
    const content = await unpackIdx(packed, file, MAX_CONTENT_BYTES);
    return new Map([[part, { content, kept: isGzip(packed) ? packed : gzipSync(packed) }]]);
  },
});

const MNIST: Source<IdxPart> = {
  title: 'MNIST',
  name: 'mnist',
  variable: 'MNIST_DIR',
  otherwise: 'load other data as a folder of IDX files',
  archives: IDX_PARTS.map(archiveOf),
  checksums: MNIST_CHECKSUMS,
  mirrors: MNIST_MIRRORS,
  cached: (part) => `${IDX_FILES[part]}.gz`,
  find: findIdxFiles,
  read: (path) => readIdxFile(path),
};

/**
 * Loads MNIST: 60,000 training and 10,000 test images of 28 x 28. Taken from `directory` or MNIST_DIR if given,
 * else from the cache folder, else downloaded into it. Every file's SHA-256 is checked, wherever it came from.
 *
 * @throws DataError when a file is missing, damaged or not MNIST's, or could not be downloaded
 * @throws the signal's reason when it is aborted
 */
export const loadMnist = async (options: MnistOptions = {}): Promise<DataSplit> =>
  splitFromContents(await loadSource(MNIST, options, 'loadMnist'));
