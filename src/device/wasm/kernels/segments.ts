import * as i32 from '../assembler/i32.js';
import {
  countUp,
  type I32,
  type Local,
  type Locals,
  type Statement,
  type V128,
  when,
} from '../assembler/index.js';
import * as v128 from '../assembler/v128.js';
import { type KernelCode, kernelCode } from '../kernel-code.js';
import type { Runtime } from '../runtime.js';
import { FLOAT, REGISTER } from '../sizes.js';
import type { Part } from '../threads/pool.js';
import { storeFirst } from './vector-loop.js';

/** Some numbers of a list of arrays: `count` of one array. */
export interface Segment {
  readonly count: number;
  /** Writes the row of the kernel's table for the numbers from `start` up to `end`: its columns in order, the first at words[at]. */
  readonly row: (words: Int32Array, at: number, start: number, end: number) => void;
}

/** A kernel over many arrays, and how many words a row of its table has. */
export interface SegmentKernel {
  readonly code: KernelCode;
  readonly columns: number;
  /** It keeps in its table how far it is, and goes on from there. */
  readonly resumable: boolean;
}

/** What is done for a row of a table: its words as local variables, in order; `at` is its address. */
type RowBody = (words: Local<'i32'>[], locals: Locals, at: Local<'i32'>) => Statement[];

/**
 * A kernel over many arrays in one run: it goes through the rows of a table in memory, each of which says what to do with one
 * stretch of an array.
 * @param columns how many words a row has
 */
export const segmentKernel = (
  name: string,
  columns: number,
  body: RowBody,
  resumable = false,
): SegmentKernel => ({
  columns,
  resumable,
  code: kernelCode(name, 2, ([table, end], locals) => {
    const words = locals.array('i32', columns);
    return [
      countUp(
        [table, end, FLOAT * columns],
        words.map((word, i) => word.set(i32.load(table, FLOAT * i))),
        body(words, locals, table),
      ),
    ];
  }),
});

/** Stores the first elements of a vector: all four, or those that an array still has. */
export type Store = (address: I32, value: V128) => Statement;

/**
 * A loop over `bytes` bytes, four numbers at a time; `offset` is how far it is, and where it begins. The last turn may read past the
 * end, which is allowed, and writes only what there is. `keep` is given the bytes that are done at the end of each turn: a thread
 * is ended between two turns of a loop, if at all, since its engine looks for that there and nowhere else in a kernel.
 */
export function forVectors(
  offset: Local<'i32'>,
  bytes: I32,
  locals: Locals,
  body: (store: Store) => readonly Statement[],
  keep: (done: I32) => Statement,
): Statement {
  const held = locals.new('v128');
  const rest = locals.new('i32');
  const part: Store = (address, value) => [held.set(value), storeFirst(address, rest, held)];
  return [
    countUp([offset, i32.and(bytes, -REGISTER), REGISTER], body(v128.store), keep(i32.add(offset, REGISTER))),
    rest.set(i32.sub(bytes, offset)),
    when(rest, body(part), keep(bytes), offset.set(bytes)),
  ];
}

/**
 * Runs such a kernel on all segments, shared by threads in parts of about equal length wherever arrays begin and end.
 * @param grain parts of an array begin at multiples of it: of 16 where numbers are written, so that no two parts write to a line
 * @param nanoseconds what an element takes, roughly
 */
export function runSegments(
  runtime: Runtime,
  { code, columns, resumable }: SegmentKernel,
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
  if (total === 0) return;
  const words = runtime.memory.i32;
  const part: Part = (kernel, from, to) => {
    const table = runtime.reserve(columns * segments.length);
    let at = table / FLOAT;
    for (let i = 0; i < segments.length; i++) {
      const start = Math.max(0, from - starts[i]);
      const end = Math.min(segments[i].count, to - starts[i]);
      if (start >= end) continue;
      segments[i].row(words, at, start, end);
      at += columns;
    }
    kernel(table, at * FLOAT);
  };
  runtime.split(code, total, grain, total * nanoseconds, part, resumable);
}
