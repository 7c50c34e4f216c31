import { maxFinite } from '../../../tensor/dtype.js';
import { MAX_PARTS } from '../../../tensor/memory/control.js';
import * as f32x4 from '../assembler/f32x4.js';
import * as i32 from '../assembler/i32.js';
import { countUp, type V128 } from '../assembler/index.js';
import * as v128 from '../assembler/v128.js';
import { NANOSECONDS } from '../costs.js';
import type { FastKernel } from '../fast-kernel.js';
import type { Runtime } from '../runtime.js';
import { FLOAT, REGISTER } from '../sizes.js';
import { runSegments, segmentKernel } from './segments.js';

export const LARGEST_FLOAT32 = maxFinite('float32');
/** Numbers that one part works on at least: results are few then. */
const GRAIN = 1024;

/** Of numbers at `from`, whether one is not from `low` to `high`: then some bit of the four words at `result` is set. */
const withinCode = segmentKernel('within', 4, ([bytes, from, bounds, result], locals) => {
  const i = locals.new('i32');
  const [low, high, bad, x] = locals.array('v128', 4);
  const look = (value: V128) => [
    x.set(value),
    // Comparisons with NaN are false.
    bad.set(v128.or(bad, v128.not(v128.and(f32x4.ge(x, low), f32x4.le(x, high))))),
  ];
  const at = i32.add(from, i);
  return [
    low.set(v128.load32Splat(bounds)),
    high.set(v128.load32Splat(bounds, FLOAT)),
    bad.set(v128.load(result)),
    i.set(0),
    countUp(
      [i, i32.and(bytes, -2 * REGISTER), 2 * REGISTER],
      look(v128.load(at)),
      look(v128.load(at, REGISTER)),
    ),
    countUp([i, bytes, FLOAT], look(v128.load32Splat(at))),
    v128.store(result, bad),
  ];
});

/** Whether all numbers lie from `low` to `high`, which are float32; NaN does not. */
export function runWithin(
  runtime: Runtime,
  arrays: readonly Float32Array[],
  low: number,
  high: number,
): boolean {
  const bounds = runtime.put(Float32Array.of(low, high));
  const { i32: words } = runtime.memory;
  const lanes = REGISTER / FLOAT;
  // A row is of one array, or of a further part of one.
  const most = arrays.length + MAX_PARTS;
  const results = runtime.reserve(lanes * most);
  words.fill(0, results / FLOAT, results / FLOAT + lanes * most);
  let rows = 0;
  const segments = arrays.map((array) => {
    const from = runtime.place(array);
    return {
      count: array.length,
      row: (words: Int32Array, at: number, start: number, end: number) => {
        words[at] = FLOAT * (end - start);
        words[at + 1] = from + FLOAT * start;
        words[at + 2] = bounds;
        words[at + 3] = results + REGISTER * rows++;
      },
    };
  });
  runSegments(runtime, withinCode, segments, GRAIN, NANOSECONDS.within);
  for (let i = 0; i < lanes * rows; i++) if (words[results / FLOAT + i] !== 0) return false;
  return true;
}

/** Bounds that are float32 numbers. */
export interface Bounds {
  readonly low: number;
  readonly high: number;
}

/** Puts 1 into `out` where all numbers are from `low` to `high`, else 0. */
export const fastWithin: FastKernel<Bounds, Uint8Array, readonly Float32Array[]> = {
  name: 'within',
  run(runtime, out, arrays, { low, high }) {
    out[0] = runWithin(runtime, arrays, low, high) ? 1 : 0;
    return true;
  },
};
