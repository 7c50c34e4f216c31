export { type WriteOptions, writeFileAtomic } from './atomic.js';
export { readIdxFile } from './files.js';
export { IDX_FILES, type IdxPart, loadIdxFolder } from './folder.js';
export {
  type Checksums,
  type DownloadProgress,
  type DownloadTimeouts,
  defaultMnistCache,
  loadMnist,
  MNIST_CHECKSUMS,
  MNIST_MIRRORS,
  type MnistOptions,
} from './mnist.js';
export { type ReadOptions, readFileBytes } from './open.js';
