import * as f32x4 from '../assembler/f32x4.js';
import * as i32 from '../assembler/i32.js';
import { advance, countUp } from '../assembler/index.js';
import * as v128 from '../assembler/v128.js';
import * as widen from '../assembler/widen.js';
import { NANOSECONDS } from '../costs.js';
import type { FastKernel } from '../fast-kernel.js';
import { kernelCode } from '../kernel-code.js';
import { FLOAT } from '../sizes.js';
import { bound } from './vector-loop.js';

/** Bytes of a register. The kernel fills whole turns of that many numbers; its caller does the rest. */
export const TURN = 16;

/** Rows of bytes that become numbers, each byte divided by `divisor` and rounded to float32. */
export interface ByteRows {
  readonly source: Uint8Array;
  /** Numbers of rows, all of them there. */
  readonly rows: ArrayLike<number>;
  /** Bytes in a row. */
  readonly width: number;
  readonly divisor: 1 | 255;
}

/** Bytes from `from` as numbers at `out`, times `scale`, a number in two parts: a b + a c. `count` is a multiple of 16. */
const bytesCode = kernelCode('bytes', 4, ([from, out, count, scale], locals) => {
  const i = locals.new('i32');
  const [upper, lower] = locals.array('v128', 2);
  const turn = bound(locals, (bind) => {
    const bytes = bind(v128.load(i32.add(from, i)));
    const words = [bind(widen.low8(bytes)), bind(widen.high8(bytes))];
    const lanes = words.flatMap((word) => [widen.low16(word), widen.high16(word)]);
    const numbers = lanes.map((lane) => {
      const x = bind(f32x4.convertI32x4(lane));
      return bind(f32x4.add(f32x4.mul(x, upper), f32x4.mul(x, lower)));
    });
    return numbers.map((value, k) => v128.store(out, value, TURN * k));
  });
  return [
    upper.set(v128.load32Splat(scale)),
    lower.set(v128.load32Splat(scale, FLOAT)),
    countUp([i, count, TURN], turn, advance(out, FLOAT * TURN)),
  ];
});

/**
 * Factors in two parts. v / 255 rounded to float32 is v a + v b for every byte v, where v a is exact: a is the upper nine bits of
 * 1 / 255 (1 / 255 itself, rounded once, gives another number for half of the bytes).
 */
const SCALES = {
  1: [1, 0],
  255: [257 / 65536, 1 / 255 - 257 / 65536],
} as const;

/** Fills the front of `out`, whole turns of 16 numbers, with rows of bytes, one after the other. */
export const fastBytes: FastKernel<undefined, Float32Array, ByteRows> = {
  name: 'bytes',
  run(runtime, out, { source, rows, width, divisor }) {
    const { memory } = runtime;
    const total = rows.length * width;
    const count = Math.floor(total / TURN) * TURN;
    const from = runtime.reserve(Math.ceil(total / FLOAT));
    const bytes = new Uint8Array(memory.buffer, from, total);
    for (let i = 0; i < rows.length; i++) {
      bytes.set(source.subarray(rows[i] * width, (rows[i] + 1) * width), i * width);
    }
    const scale = runtime.put(Float32Array.from(SCALES[divisor]));
    const inPlace = out.buffer === memory.buffer;
    const to = inPlace ? out.byteOffset : runtime.reserve(count);
    runtime.split(bytesCode, count, TURN, count * NANOSECONDS.bytes, (kernel, start, end) =>
      kernel(from + start, to + FLOAT * start, end - start, scale),
    );
    if (!inPlace) out.set(memory.floats(to, count));
    return true;
  },
};
