import type { Kind } from '../kind.js';
import { address } from './address.js';
import { checkpoint } from './checkpoint.js';
import { cifar10 } from './cifar10.js';
import { dataFolder } from './data-folder.js';
import { description } from './description.js';
import { disk, fileSize } from './disk.js';
import { gzip } from './gzip.js';
import { idx } from './idx.js';
import { kernels } from './kernels.js';
import { kill } from './kill.js';
import { png } from './png.js';
import { runFolder } from './run-folder.js';
import { safetensors } from './safetensors.js';
import { signal } from './signal.js';

/** Everything that is tried. */
export const kinds: readonly Kind[] = [
  kill,
  signal,
  disk,
  fileSize,
  idx,
  gzip,
  dataFolder,
  cifar10,
  png,
  safetensors,
  checkpoint,
  runFolder,
  description,
  address,
  kernels,
];
