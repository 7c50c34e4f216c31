import type { Suite } from '../suite.js';
import { contention } from './contention.js';
import { conv } from './conv.js';
import { data } from './data.js';
import { epoch } from './epoch.js';
import { gradcheck } from './gradcheck.js';
import { limit } from './limit.js';
import { matmul } from './matmul.js';
import { memory } from './memory.js';
import { ops } from './ops.js';
import { page } from './page.js';
import { scale } from './scale.js';
import { small } from './small.js';
import { start } from './start.js';

/** All suites, in the order in which they run. */
export const suites: readonly Suite[] = [
  limit,
  matmul,
  conv,
  epoch,
  contention,
  small,
  ops,
  scale,
  memory,
  start,
  data,
  gradcheck,
  page,
];
