import { addLastSquares, SQUARES_BLOCK, SQUARES_LANES } from '../../kernels/squares.js';
import { countUp, f64x2, i32, repeatWhile, v128, when } from '../assembler/index.js';
import type { Runtime } from '../runtime.js';
import { runSegments, segmentKernel } from './segments.js';

const FLOAT = 4;
const REGISTER = 16;
const STEP = FLOAT * SQUARES_LANES;

/** The sums of blocks, each as that of its even and that of its odd elements; `bytes` is a multiple of 32. */
const squaresCode = segmentKernel('squares', ['bytes', 'from', 'result'], (row, locals) => {
  const [end, stop] = locals.array('i32', 2);
  const sums = locals.array('v128', SQUARES_LANES / 2);
  const [x, double] = locals.array('v128', 2);
  const { add, mul, promoteLow, promoteHigh } = f64x2;
  const from = row.from;
  const addSquares = (offset: number, [low, high]: typeof sums) => [
    x.set(v128.load(from.get, offset)),
    double.set(promoteLow(x.get)),
    low.set(add(low.get, mul(double.get, double.get))),
    double.set(promoteHigh(x.get)),
    high.set(add(high.get, mul(double.get, double.get))),
  ];
  const [a, b, c, d] = sums.map((sum) => sum.get);
  return [
    end.set(i32.add(from.get, row.bytes.get)),
    repeatWhile(
      i32.lt(from.get, end.get),
      ...sums.map((sum) => sum.set(f64x2.const(0))),
      stop.set(i32.add(from.get, i32.const(FLOAT * SQUARES_BLOCK))),
      when(i32.gt(stop.get, end.get), stop.set(end.get)),
      countUp(
        from,
        stop.get,
        STEP,
        ...addSquares(0, sums.slice(0, 2)),
        ...addSquares(REGISTER, sums.slice(2)),
      ),
      v128.store(row.result.get, add(add(a, b), add(c, d))),
      row.result.set(i32.add(row.result.get, i32.const(REGISTER))),
    ),
  ];
});

/** What an element takes, in nanoseconds, to see whether sharing the work pays. */
const NANOSECONDS = 0.35;

/** The sum of squares of each array, with the bits of the plain one. */
export function runSquares(runtime: Runtime, arrays: readonly Float32Array[]): number[] {
  const results = arrays.map((array) => {
    const blocks = Math.ceil(Math.floor(array.length / SQUARES_LANES) / (SQUARES_BLOCK / SQUARES_LANES));
    return { array, blocks, at: runtime.reserve(blocks * (REGISTER / FLOAT)) };
  });
  const segments = results.map(({ array, at }) => {
    const from = runtime.place(array);
    return {
      count: array.length - (array.length % SQUARES_LANES),
      row: (start: number, end: number) => [
        ...[FLOAT * (end - start), from + FLOAT * start, at + (start / SQUARES_BLOCK) * REGISTER],
      ],
    };
  });
  runSegments(runtime, squaresCode, segments, SQUARES_BLOCK, NANOSECONDS);
  return results.map(({ array, blocks, at }) => {
    const sums = new Float64Array(runtime.memory.buffer, at, 2 * blocks);
    let total = 0;
    for (let block = 0; block < blocks; block++) total += sums[2 * block] + sums[2 * block + 1];
    return addLastSquares(total, array);
  });
}
