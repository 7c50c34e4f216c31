/**
 * What needs Node's file system or network: reading MNIST, CIFAR-10 and folders of IDX files, downloading with checks, atomic writes.
 * @packageDocumentation
 */
export { WriteError, type WriteOptions, writeFileAtomic } from './data/atomic.js';
export {
  CIFAR10_CHECKSUMS,
  CIFAR10_FILES,
  CIFAR10_MIRRORS,
  type Cifar10Checksums,
  type Cifar10File,
  type Cifar10Options,
  loadCifar10,
} from './data/cifar10/load.js';
export { type CachedName, defaultCache } from './data/download/cache.js';
export type { DownloadTimeouts } from './data/download/download.js';
export type { DownloadProgress } from './data/download/fetch.js';
export type { LoadOptions } from './data/download/load.js';
export { EMNIST_SPLITS, type EmnistSplit, loadEmnist } from './data/emnist.js';
export { readIdxFile } from './data/files.js';
export { loadIdxFolder } from './data/folder.js';
export { IDX_FILES, type IdxPart } from './data/idx-split.js';
export {
  type Checksums,
  loadMnist,
  MNIST_CHECKSUMS,
  MNIST_MIRRORS,
  type MnistOptions,
} from './data/mnist.js';
export { type ReadOptions, readFileBytes } from './data/open.js';
