import { copySize, type Dimension, type StridedCopy, stridedCopy } from '../../../tensor/kernels/strided.js';
import type { KernelCode } from '../kernel-code.js';
import type { Runtime } from '../runtime.js';
import { FLOAT, LINE } from '../sizes.js';
import { copyRuns, copySingles, copySplats, copySquares, DEPTH } from './copy-code.js';

/** Squares are transposed where both dimensions are at least so long. */
const SQUARE = 4;

/** A kernel, the dimensions in the order in which it walks them, and what an element takes in nanoseconds. */
interface Plan {
  readonly code: KernelCode;
  readonly dimensions: readonly Dimension[];
  readonly nanoseconds: number;
}

const without = (dimensions: readonly Dimension[], ...gone: readonly Dimension[]): Dimension[] =>
  dimensions.filter((dimension) => !gone.includes(dimension));

/** The order of the dimensions is free: no two elements of a copy go to one place. */
function planOf(dimensions: readonly Dimension[]): Plan {
  const column = dimensions.findLast(({ to }) => to === 1);
  if (column?.from === 1) {
    return { code: copyRuns, dimensions: [...without(dimensions, column), column], nanoseconds: 0.3 };
  }
  if (column?.from === 0) {
    return { code: copySplats, dimensions: [...without(dimensions, column), column], nanoseconds: 0.2 };
  }
  const row = dimensions.findLast(({ from, size }) => from === 1 && size >= SQUARE);
  if (column !== undefined && row !== undefined && column.size >= SQUARE) {
    const outer = without(dimensions, row, column);
    return { code: copySquares, dimensions: [...outer, row, column], nanoseconds: 1 };
  }
  return { code: copySingles, dimensions, nanoseconds: 1 };
}

const NOTHING: Dimension = { size: 1, from: 0, to: 0 };

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
  const missing = DEPTH - dimensions.length;
  const levels = [...new Array<Dimension>(missing).fill(NOTHING), ...dimensions];
  const args = [source, target, ...levels.flatMap((d) => [d.size, d.from * FLOAT, d.to * FLOAT])];
  const widest = levels.reduce((best, { size }, d) => (size > levels[best].size ? d : best), 0);
  const { size, from, to } = levels[widest];
  const contiguous = from === 1 || to === 1;
  const work = nanoseconds * levels.reduce((product, level) => product * level.size, 1);
  runtime.split(code, size, contiguous ? LINE : 1, work, (kernel, first, end) => {
    // A last part shorter than a square begins earlier, and writes some numbers again.
    const start = contiguous ? Math.max(0, Math.min(first, end - SQUARE)) : first;
    args[0] = source + start * from * FLOAT;
    args[1] = target + start * to * FLOAT;
    args[2 + 3 * widest] = end - start;
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
