export { defaultMnistCache } from './mnist/cache.js';
export { type Checksums, MNIST_CHECKSUMS } from './mnist/checksum.js';
export { type DownloadTimeouts, MNIST_MIRRORS } from './mnist/download.js';
export type { DownloadProgress } from './mnist/fetch.js';
export { loadMnist, type MnistOptions } from './mnist/load.js';
