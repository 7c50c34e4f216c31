import { addLastSquares, SQUARES_BLOCK, SQUARES_LANES } from '../../../tensor/kernels/squares.js';
import { add, mul, promoteHigh, promoteLow } from '../assembler/f64x2.js';
import * as i32 from '../assembler/i32.js';
import { advance, countUp, repeatWhile, when } from '../assembler/index.js';
import * as v128 from '../assembler/v128.js';
import { NANOSECONDS } from '../costs.js';
import type { FastKernel } from '../fast-kernel.js';
import { FLOAT, REGISTER } from '../sizes.js';
import { runSegments, segmentKernel } from './segments.js';

const STEP = FLOAT * SQUARES_LANES;

/** The sums of blocks, each as that of its even and that of its odd elements; `bytes` is a multiple of 32. */
const squaresCode = segmentKernel('squares', 3, ([bytes, from, result], locals) => {
  const [end, stop] = locals.array('i32', 2);
  const sums = locals.array('v128', SQUARES_LANES / 2);
  const [x, double] = locals.array('v128', 2);
  const addSquares = (offset: number, [low, high]: typeof sums) => [
    x.set(v128.load(from, offset)),
    double.set(promoteLow(x)),
    low.set(add(low, mul(double, double))),
    double.set(promoteHigh(x)),
    high.set(add(high, mul(double, double))),
  ];
  const [a, b, c, d] = sums;
  return [
    end.set(i32.add(from, bytes)),
    repeatWhile(
      i32.lt(from, end),
      sums.map((sum) => sum.set(v128.zero)),
      stop.set(i32.add(from, FLOAT * SQUARES_BLOCK)),
      when(i32.gt(stop, end), stop.set(end)),
      countUp([from, stop, STEP], addSquares(0, sums.slice(0, 2)), addSquares(REGISTER, sums.slice(2))),
      v128.store(result, add(add(a, b), add(c, d))),
      advance(result, REGISTER),
    ),
  ];
});

/** The sum of squares of each array, in float64. */
export const fastSquares: FastKernel<undefined, Float64Array, readonly Float32Array[]> = {
  name: 'sumsOfSquares',
  run(runtime, out, arrays) {
    const results = arrays.map((array) => {
      const blocks = Math.ceil(Math.floor(array.length / SQUARES_LANES) / (SQUARES_BLOCK / SQUARES_LANES));
      return { array, blocks, at: runtime.reserve(blocks * (REGISTER / FLOAT)) };
    });
    const segments = results.map(({ array, at }) => {
      const from = runtime.place(array);
      return {
        count: array.length - (array.length % SQUARES_LANES),
        row: (words: Int32Array, row: number, start: number, end: number) => {
          words[row] = FLOAT * (end - start);
          words[row + 1] = from + FLOAT * start;
          words[row + 2] = at + (start / SQUARES_BLOCK) * REGISTER;
        },
      };
    });
    runSegments(runtime, squaresCode, segments, SQUARES_BLOCK, NANOSECONDS.squares);
    results.forEach(({ array, blocks, at }, i) => {
      const sums = new Float64Array(runtime.memory.buffer, at, 2 * blocks);
      let total = 0;
      for (let block = 0; block < blocks; block++) total += sums[2 * block] + sums[2 * block + 1];
      out[i] = addLastSquares(total, array);
    });
    return true;
  },
};
