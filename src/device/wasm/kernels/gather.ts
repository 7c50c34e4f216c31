import type { Selection } from '../../../tensor/kernels/gather.js';
import { around } from '../../../tensor/kernels/layout.js';
import * as f32 from '../assembler/f32.js';
import * as f32x4 from '../assembler/f32x4.js';
import * as i32 from '../assembler/i32.js';
import {
  advance,
  type F32,
  type I32,
  repeatWhile,
  type Statement,
  type V128,
  when,
} from '../assembler/index.js';
import * as v128 from '../assembler/v128.js';
import { MIN_SIZE } from '../costs.js';
import type { FastKernel } from '../fast-kernel.js';
import { type KernelCode, kernelCode } from '../kernel-code.js';
import type { Runtime } from '../runtime.js';
import { FLOAT, LINE } from '../sizes.js';
import { runZeros } from './copy.js';
import { storeRun } from './copy-code.js';

/** What a kernel does between an address in the indexed array and one in the packed array. */
interface Move {
  readonly target: 'indexed' | 'packed';
  readonly vector: (indexed: I32, packed: I32, offset: number) => V128;
  readonly single: (indexed: I32, packed: I32, offset: number) => F32;
}

/** Numbers moved in one turn where a row is one number. */
const TURN = 4;

/**
 * A kernel over an array whose rows are picked by index, and one whose rows are in the order of the indices: `outer` times, for
 * each of `count` offsets in bytes, a row of `width` numbers. Steps are from one of the outer blocks to the next, and from row to
 * row of the packed array, in bytes.
 */
const indexedKernel = (name: string, { target, vector, single }: Move): KernelCode =>
  kernelCode(
    name,
    9,
    ([indexed, packed, offsets, outer, count, width, indexedStep, packedStep, row], locals) => {
      const [at, end, whole, next, there, here, left] = locals.array('i32', 7);
      const to = target === 'packed' ? here : there;
      const picked = (offset: number): Statement => there.set(i32.add(indexed, i32.load(at, offset)));
      const store = (offset: number): Statement =>
        f32.store(to, single(there, here, offset), target === 'packed' ? offset : 0);
      const numbers = (howMany: number): Statement => [
        Array.from({ length: howMany }, (_, i) => [picked(i * FLOAT), store(i * FLOAT)]),
        advance(at, howMany * FLOAT),
        advance(here, howMany * FLOAT),
      ];
      return [
        end.set(i32.add(offsets, i32.mul(count, FLOAT))),
        whole.set(i32.sub(end, (TURN - 1) * FLOAT)),
        repeatWhile(
          outer,
          at.set(offsets),
          when(
            i32.eq(row, FLOAT),
            here.set(packed),
            repeatWhile(i32.lt(at, whole), numbers(TURN)),
            repeatWhile(i32.lt(at, end), numbers(1)),
          ),
          next.set(packed),
          repeatWhile(
            i32.lt(at, end),
            picked(0),
            here.set(next),
            left.set(width),
            storeRun(
              left,
              to,
              (offset) => vector(there, here, offset),
              store(0),
              (bytes) => [advance(there, bytes), advance(here, bytes)],
            ),
            advance(at, FLOAT),
            advance(next, row),
          ),
          advance(indexed, indexedStep),
          advance(packed, packedStep),
          advance(outer, -1),
        ),
      ];
    },
  );

const gatherCode = indexedKernel('gather', {
  target: 'packed',
  vector: (indexed, _, offset) => v128.load(indexed, offset),
  single: (indexed) => f32.load(indexed),
});

const scatterAddCode = indexedKernel('scatter_add', {
  target: 'indexed',
  vector: (indexed, packed, offset) => f32x4.add(v128.load(indexed, offset), v128.load(packed, offset)),
  single: (indexed, packed, offset) => f32.add(f32.load(indexed), f32.load(packed, offset)),
});

/** What an element and an index take, in nanoseconds, to see whether sharing the work pays. */
const ELEMENT = 0.4;
const INDEX = 3;

/** Runs a kernel on [outer, n, inner] numbers picked along the middle, and as many rows of `inner` as there are indices. */
function runIndexed(
  runtime: Runtime,
  code: KernelCode,
  addresses: { readonly indexed: number; readonly packed: number },
  [outer, n, inner]: readonly [number, number, number],
  indices: ArrayLike<number>,
): void {
  const count = indices.length;
  const row = inner * FLOAT;
  const offsets = runtime.reserve(count);
  const words = runtime.memory.i32;
  for (let i = 0; i < count; i++) words[offsets / FLOAT + i] = indices[i] * row;
  const { indexed, packed } = addresses;
  const work = outer * count * (INDEX + inner * ELEMENT);
  // Sums at one place are made by one thread, in order: outer blocks or columns are shared, not indices.
  const [by, grain] = outer >= inner / LINE ? (['rows', 1] as const) : (['columns', LINE] as const);
  runtime.splitGrid(code, [outer, inner], by, grain, work, (kernel, block, blockEnd, column, columnEnd) =>
    kernel(
      indexed + block * n * row + column * FLOAT,
      packed + block * count * row + column * FLOAT,
      ...[offsets, blockEnd - block, count, columnEnd - column, n * row, count * row, row],
    ),
  );
}

/** The elements at some indices along an axis. */
export const fastGather: FastKernel<Selection> = {
  name: 'gather',
  run(runtime, out, [x], { indices, axis }) {
    if (out.size < MIN_SIZE.gather || (x.address === 0 && x.size > 2 * out.size)) return false;
    const target = runtime.result(out);
    const addresses = { indexed: runtime.operand(x), packed: target };
    runIndexed(runtime, gatherCode, addresses, around(x.shape, axis), indices);
    runtime.finish(out, target);
    return true;
  },
};

/** Sums at some indices along an axis, in order. */
export const fastScatterAdd: FastKernel<Selection> = {
  name: 'scatterAdd',
  run(runtime, out, [x], { indices, axis }) {
    if (out.size < MIN_SIZE.gather) return false;
    const target = runtime.result(out);
    runZeros(runtime, target, out.size);
    const addresses = { indexed: target, packed: runtime.operand(x) };
    runIndexed(runtime, scatterAddCode, addresses, around(out.shape, axis), indices);
    runtime.finish(out, target);
    return true;
  },
};
