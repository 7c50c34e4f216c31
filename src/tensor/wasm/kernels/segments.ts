import {
  countUp,
  f32,
  f32x4,
  type I32,
  i32,
  type Local,
  type Locals,
  repeatWhile,
  type Statement,
  type V128,
  v128,
  when,
} from '../assembler/index.js';
import { type KernelCode, kernelCode } from '../kernel-code.js';
import type { Runtime } from '../runtime.js';

const WORD = 4;
const REGISTER = 16;

/** Some numbers of a list of arrays: `count` of one array. */
export interface Segment {
  readonly count: number;
  /** A row of the kernel's table for the numbers from `start` up to `end`: its columns, in order. */
  readonly row: (start: number, end: number) => readonly number[];
}

/**
 * A kernel over many arrays in one run: it goes through the rows of a table in memory, each of which says what to do with one
 * stretch of an array.
 * @param columns names of a row's words, which `body` gets as local variables
 */
export function segmentKernel<const C extends string>(
  name: string,
  columns: readonly C[],
  body: (row: Readonly<Record<C, Local<'i32'>>>, locals: Locals) => readonly Statement[],
): KernelCode {
  return kernelCode({
    name,
    parameters: { table: 'i32', end: 'i32' },
    body: ({ table, end }, locals) => {
      const words = locals.array('i32', columns.length);
      const load = words.map((word, i) => word.set(i32.load(table.get, WORD * i)));
      const entries = columns.map((column, i) => [column, words[i]]);
      const row = Object.fromEntries(entries);
      const next = table.set(i32.add(table.get, i32.const(WORD * columns.length)));
      return [repeatWhile(i32.lt(table.get, end.get), ...load, ...body(row, locals), next)];
    },
  });
}

/** Stores the first elements of a vector: all four, or those that an array still has. */
export type Store = (address: I32, value: V128) => Statement;

/**
 * A loop over `bytes` bytes, four numbers at a time; `offset` is how far it is. The last turn may read past the end, which is
 * allowed, and writes only what there is.
 */
export function forVectors(
  offset: Local<'i32'>,
  bytes: I32,
  locals: Locals,
  body: (store: Store) => readonly Statement[],
): Statement {
  const held = locals.new('v128');
  const rest = locals.new('i32');
  const part: Store = (address, value) => [
    ...held.set(value),
    ...[0, 1, 2].flatMap((lane) =>
      when(
        i32.gt(rest.get, i32.const(lane * WORD)),
        f32.store(address, f32x4.extractLane(held.get, lane), lane * WORD),
      ),
    ),
  ];
  return [
    ...offset.set(i32.const(0)),
    ...countUp(
      offset,
      i32.and(bytes, i32.const(-REGISTER)),
      REGISTER,
      ...body((address, value) => v128.store(address, value)),
    ),
    ...rest.set(i32.sub(bytes, offset.get)),
    ...when(rest.get, ...body(part)),
  ];
}

/**
 * Runs such a kernel on all segments, shared by threads in parts of about equal length wherever arrays begin and end.
 * @param grain parts of an array begin at multiples of it: of 16 where numbers are written, so that no two parts write to a line
 * @param nanoseconds what an element takes, roughly
 */
export function runSegments(
  runtime: Runtime,
  code: KernelCode,
  segments: readonly Segment[],
  grain: number,
  nanoseconds: number,
): void {
  const starts: number[] = [];
  let total = 0;
  for (const { count } of segments) {
    starts.push(total);
    total += Math.ceil(count / grain) * grain;
  }
  const table = (from: number, to: number): readonly [number, number] => {
    const words = segments.flatMap(({ count, row }, i) => {
      const start = Math.max(0, from - starts[i]);
      const end = Math.min(count, to - starts[i]);
      return start < end ? row(start, end) : [];
    });
    const address = runtime.reserve(words.length);
    new Int32Array(runtime.memory.buffer, address, words.length).set(words);
    return [address, address + WORD * words.length];
  };
  if (total > 0) runtime.split(code, total, grain, total * nanoseconds, table);
}
