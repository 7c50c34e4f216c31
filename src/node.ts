/**
 * What needs Node's file system or network: reading MNIST and IDX folders, downloading with checks, atomic writes.
 * @packageDocumentation
 */
export { WriteError, type WriteOptions, writeFileAtomic } from './data/atomic.js';
export { readIdxFile } from './data/files.js';
export { loadIdxFolder } from './data/folder.js';
export { IDX_FILES, type IdxPart } from './data/idx-split.js';
export { defaultMnistCache } from './data/mnist/cache.js';
export { type Checksums, MNIST_CHECKSUMS } from './data/mnist/checksum.js';
export { type DownloadTimeouts, MNIST_MIRRORS } from './data/mnist/download.js';
export type { DownloadProgress } from './data/mnist/fetch.js';
export { loadMnist, type MnistOptions } from './data/mnist/load.js';
export { type ReadOptions, readFileBytes } from './data/open.js';
