import * as i32 from '../../assembler/i32.js';
import { advance, countUp, repeatWhile } from '../../assembler/index.js';
import * as v128 from '../../assembler/v128.js';
import { NANOSECONDS } from '../../costs.js';
import { type KernelCode, kernelCode } from '../../kernel-code.js';
import type { Runtime } from '../../runtime.js';
import { FLOAT, REGISTER } from '../../sizes.js';
import { exactly, fused } from '../matmul/epilogue.js';
import { Job, putWords } from './job.js';

/** How many sums are held in registers: of `lefts` numbers with `taps` taps of `segments` rows of kernels. */
export interface SumsTile {
  readonly lefts: number;
  readonly segments: number;
  readonly taps: number;
}

/** With their operands they fit sixteen registers. */
const MOST_SUMS = 10;

/** The tile that takes the fewest instructions for all. @param columns of a kernel */
export function tileOf(lefts: number, segments: number, columns: number): SumsTile {
  const taps = Math.ceil(columns / Math.ceil(columns / MOST_SUMS));
  const instructions = (tile: SumsTile): number => {
    const numbers = tile.segments * taps;
    const each = 2 * tile.lefts * numbers + tile.lefts + numbers + tile.segments + 6;
    return each * Math.ceil(lefts / tile.lefts) * Math.ceil(segments / tile.segments);
  };
  let best: SumsTile = { lefts: 1, segments: 1, taps };
  for (let l = 1; l <= Math.min(4, lefts); l++) {
    for (let s = 1; s <= segments && l * s * taps <= MOST_SUMS; s++) {
      const tile = { lefts: l, segments: s, taps };
      if (instructions(tile) < instructions(best)) best = tile;
    }
  }
  return best;
}

/** Taps of a row of a kernel on a plane of an image: the first of them. */
export interface Segment {
  readonly plane: number;
  readonly row: number;
  readonly column: number;
}

/** The rows of kernels in segments of so many taps, which overlap where they do not come out even. */
export function segmentsOf(planes: number, rows: number, columns: number, taps: number): Segment[] {
  const parts = Math.ceil(columns / taps);
  return Array.from({ length: planes * rows * parts }, (_, i) => ({
    plane: Math.floor(i / (rows * parts)),
    row: Math.floor(i / parts) % rows,
    column: Math.min((i % parts) * taps, columns - taps),
  }));
}

/**
 * Sums over the positions of images: of each left number times the numbers that the taps of segments read. One side is in registers, for
 * four channels at once; of the other a number is taken for all four.
 */
export interface WeightSums {
  readonly tile: SumsTile;
  readonly vectors: 'left' | 'right';
  /** Panels of left numbers, those of a tile side by side for each position, and bytes from one panel, and one image, to the next. */
  readonly left: number;
  readonly panels: number;
  readonly panelBytes: number;
  readonly leftImage: number;
  readonly right: number;
  readonly rightImage: number;
  /** Where the right side is read at each position of an image, in bytes. */
  readonly inner: Int32Array;
  readonly images: number;
  /** Where the taps of each segment begin, in bytes, and the bytes from tap to tap. */
  readonly segments: readonly number[];
  readonly tapStep: number;
  /** The sums, which go on from what is there: for each panel, a register for each tap of each segment for each left number. */
  readonly to: number;
}

/** What a kernel reads of the sums, word by word. */
const JOB = /* @__PURE__ */ new Job([
  'inner',
  'innerEnd',
  'images',
  'leftWrap',
  'rightImage',
  'panelBytes',
  'right',
  'sumsBytes',
]);

const sumsCode = ({ tile, vectors, tapStep }: WeightSums, fastMath: boolean): KernelCode =>
  kernelCode('weightSums', 6, ([job, left, panels, table, groups, to], locals) => {
    const { field, readAll } = JOB.read(locals, job);
    const { inner, innerEnd, images, leftWrap, rightImage, panelBytes, right, sumsBytes } = field;
    const [segment, rest, target, at, image, place, offset, base] = locals.array('i32', 8);
    const from = locals.array('i32', tile.segments);
    const numbers = locals.array('v128', tile.lefts);
    const other = locals.new('v128');
    const sums = from.map(() => Array.from({ length: tile.taps }, () => locals.array('v128', tile.lefts)));
    const each = sums.flat(2);
    const multiplyAdd = fastMath ? fused : exactly;
    const isLeft = vectors === 'left';
    const ofLeft = (l: number) => (isLeft ? v128.load(at, l * REGISTER) : v128.load32Splat(at, l * FLOAT));
    const ofRight = isLeft ? v128.load32Splat : v128.load;
    return [
      readAll,
      repeatWhile(
        i32.gt(panels, 0),
        segment.set(table),
        rest.set(groups),
        target.set(to),
        repeatWhile(
          i32.gt(rest, 0),
          from.map((start, s) => start.set(i32.add(right, i32.load(segment, s * FLOAT)))),
          each.map((sum, i) => sum.set(v128.load(target, i * REGISTER))),
          at.set(left),
          image.set(images),
          repeatWhile(
            i32.gt(image, 0),
            place.set(inner),
            countUp(
              [place, innerEnd, FLOAT],
              offset.set(i32.load(place)),
              numbers.map((number, l) => number.set(ofLeft(l))),
              from.map((start, s) => [
                base.set(i32.add(start, offset)),
                sums[s].map((line, t) => [
                  other.set(ofRight(base, t * tapStep)),
                  line.map((sum, l) => sum.set(multiplyAdd(other, numbers[l], sum))),
                ]),
              ]),
              advance(at, leftBytes({ tile, vectors })),
            ),
            from.map((start) => advance(start, rightImage)),
            advance(at, leftWrap),
            advance(image, -1),
          ),
          each.map((sum, i) => v128.store(target, sum, i * REGISTER)),
          advance(segment, tile.segments * FLOAT),
          advance(target, each.length * REGISTER),
          advance(rest, -1),
        ),
        advance(left, panelBytes),
        advance(to, sumsBytes),
        advance(panels, -1),
      ),
    ];
  });

/** Bytes of the left numbers of a tile for one position. */
const leftBytes = ({ tile, vectors }: Pick<WeightSums, 'tile' | 'vectors'>): number =>
  vectors === 'left' ? tile.lefts * REGISTER : REGISTER;

/** Registers that the sums of a panel take: whole groups of segments. */
export const registersOf = ({ lefts, segments, taps }: SumsTile, count: number): number =>
  Math.ceil(count / segments) * segments * taps * lefts;

const codes = new Map<string, KernelCode>();

/** Adds to sums, which threads share: each is one thread's from the first image to the last. */
export function addWeightSums(runtime: Runtime, sums: WeightSums, fastMath: boolean): void {
  const { tile, vectors, inner, images, segments, tapStep, left, panels, panelBytes, to } = sums;
  const key = [vectors, tile.lefts, tile.segments, tile.taps, tapStep, fastMath].join();
  const code = codes.get(key) ?? sumsCode(sums, fastMath);
  codes.set(key, code);
  const groups = Math.ceil(segments.length / tile.segments);
  const registers = registersOf(tile, segments.length);
  runtime.scoped(() => {
    // The last group repeats the last segment.
    const starts = Array.from(
      { length: groups * tile.segments },
      (_, s) => segments[Math.min(s, segments.length - 1)],
    );
    const table = putWords(runtime, starts);
    const places = putWords(runtime, inner);
    const job = JOB.put(runtime, {
      inner: places,
      innerEnd: places + inner.length * FLOAT,
      images,
      leftWrap: sums.leftImage - inner.length * leftBytes(sums),
      rightImage: sums.rightImage,
      panelBytes,
      right: sums.right,
      sumsBytes: registers * REGISTER,
    });
    const cost = 4 * panels * registers * inner.length * images * NANOSECONDS.multiply;
    const by = panels > groups ? 'rows' : 'columns';
    runtime.splitGrid(code, [panels, groups], by, 1, cost, (kernel, first, end, start, stop) =>
      kernel(
        job,
        left + first * panelBytes,
        end - first,
        table + start * tile.segments * FLOAT,
        stop - start,
        to + (first * groups + start) * (registers / groups) * REGISTER,
      ),
    );
  });
}
