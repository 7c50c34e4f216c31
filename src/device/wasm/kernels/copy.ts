import { copySize, type Dimension, type StridedCopy, stridedCopy } from '../../../tensor/kernels/strided.js';
import { NANOSECONDS } from '../costs.js';
import type { KernelCode } from '../kernel-code.js';
import type { Runtime } from '../runtime.js';
import { FLOAT, LINE } from '../sizes.js';
import { copyRuns, copySingles, copySplats, copySquares, DEPTH } from './copy-code.js';

/** Shorter dimensions are not worth vectors. */
const VECTOR = 4;

/** A kernel, the dimensions in the order in which it walks them, and what an element takes in nanoseconds. */
interface Plan {
  readonly code: KernelCode;
  readonly dimensions: readonly Dimension[];
  readonly nanoseconds: number;
}

/** Dimensions with some of them moved to the end. */
const withLast = (dimensions: readonly Dimension[], ...last: readonly Dimension[]): Dimension[] => [
  ...dimensions.filter((dimension) => !last.includes(dimension)),
  ...last,
];

const longestOf = (dimensions: readonly Dimension[]): Dimension =>
  dimensions.reduce((longest, dimension) => (dimension.size > longest.size ? dimension : longest));

/** The order of the dimensions is free: no two elements of a copy go to one place. */
function planOf(dimensions: readonly Dimension[]): Plan {
  const column = dimensions.findLast(({ size, to }) => to === 1 && size >= VECTOR);
  if (column?.from === 1) {
    return { code: copyRuns, dimensions: withLast(dimensions, column), nanoseconds: NANOSECONDS.copyRun };
  }
  if (column?.from === 0) {
    return { code: copySplats, dimensions: withLast(dimensions, column), nanoseconds: NANOSECONDS.copySplat };
  }
  const row = dimensions.findLast(({ size, from }) => from === 1 && size >= VECTOR);
  if (column !== undefined && row !== undefined) {
    return {
      code: copySquares,
      dimensions: withLast(dimensions, row, column),
      nanoseconds: NANOSECONDS.copySquare,
    };
  }
  const order = dimensions.length === 0 ? [] : withLast(dimensions, longestOf(dimensions));
  return { code: copySingles, dimensions: order, nanoseconds: NANOSECONDS.copySingle };
}

/** Walks dimensions: all but the innermost {@link DEPTH} here, those in the kernel. */
function runPlan(
  runtime: Runtime,
  { code, nanoseconds, dimensions }: Plan,
  source: number,
  target: number,
): void {
  if (dimensions.length > DEPTH) {
    const [{ size, from, to }, ...inner] = dimensions;
    for (let i = 0; i < size; i++) {
      const plan = { code, nanoseconds, dimensions: inner };
      runPlan(runtime, plan, source + i * from * FLOAT, target + i * to * FLOAT);
    }
    return;
  }
  // Much of what a small copy costs is spent here: a plain loop, and one list of arguments.
  const args = new Array<number>(2 + 3 * DEPTH).fill(0);
  const missing = DEPTH - dimensions.length;
  let [widest, count] = [0, 1];
  for (let level = 0; level < DEPTH; level++) {
    const at = 2 + 3 * level;
    args[at] = 1;
    if (level < missing) continue;
    const { size, from, to } = dimensions[level - missing];
    args[at] = size;
    args[at + 1] = from * FLOAT;
    args[at + 2] = to * FLOAT;
    count *= size;
    if (size > dimensions[widest].size) widest = level - missing;
  }
  const { size, from, to } = dimensions[widest] ?? { size: 1, from: 0, to: 0 };
  const grain = from === 1 || to === 1 ? LINE : 1;
  runtime.split(code, size, grain, nanoseconds * count, (kernel, start, end) => {
    args[0] = source + start * from * FLOAT;
    args[1] = target + start * to * FLOAT;
    args[2 + 3 * (widest + missing)] = end - start;
    kernel(...args);
  });
}

/** Runs a copy from one address to another. */
export function runCopy(runtime: Runtime, source: number, target: number, copy: StridedCopy): void {
  if (copySize(copy) === 0) return;
  runPlan(runtime, planOf(copy.dimensions), source + copy.from * FLOAT, target + copy.to * FLOAT);
}

/** Sets numbers to 0. */
export const runZeros = (runtime: Runtime, target: number, count: number): void =>
  runCopy(runtime, runtime.put(new Float32Array(1)), target, stridedCopy([count], [0], [1]));
