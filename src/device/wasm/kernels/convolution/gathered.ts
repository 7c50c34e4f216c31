import * as f32 from '../../assembler/f32.js';
import * as f32x4 from '../../assembler/f32x4.js';
import * as i32 from '../../assembler/i32.js';
import {
  advance,
  countUp,
  type I32,
  type Local,
  repeatWhile,
  type Statement,
  when,
} from '../../assembler/index.js';
import * as v128 from '../../assembler/v128.js';
import { NANOSECONDS } from '../../costs.js';
import { type KernelCode, kernelCode } from '../../kernel-code.js';
import type { Runtime } from '../../runtime.js';
import { FLOAT, REGISTER } from '../../sizes.js';
import { exactly, fused, type MultiplyAdd } from '../matmul/epilogue.js';
import { Job, putWords } from './job.js';
import { type GatheredProduct, type Nested, place, SLAB_ROWS } from './product.js';

/** Columns of a panel. */
const LANES = 8;
const PANEL_STEP = LANES * FLOAT;
const SLAB_STEP = SLAB_ROWS * FLOAT;
/** Room behind a panel, for a tile. */
const SPARE_BYTES = SLAB_ROWS * PANEL_STEP;

/** What a kernel reads of a product, word by word. */
const JOB = /* @__PURE__ */ new Job([
  'slabs',
  'slabBytes',
  'rows',
  'inner',
  'innerEnd',
  'panelBytes',
  'panels',
  'rowStep',
  'width',
  'height',
  'sourceStep',
  'sourceRow',
  'sourcePlane',
  'targetStep',
  'targetRow',
  'targetPlane',
  'bias',
  'relu',
  'blocks',
  'blockSource',
  'blockSlabs',
  'accumulate',
]);

/** @param inner address of the offsets of the inner dimension @param panels address of a panel for each thread */
function jobOf(runtime: Runtime, product: GatheredProduct, inner: number, panels: number): number {
  const { slabs, rows, rowStep, counts, bias, relu } = product;
  const { blocks = 1, blockSource = 0, blockSlabs = 0, accumulate = false } = product;
  const [width, height] = counts;
  const bytes = product.inner.length * FLOAT;
  /** From the last column of a row, and the last row of a plane, to the next: beyond a step. */
  const wraps = ([step, row, plane]: Nested): Nested => [step, row - width * step, plane - height * row];
  const [sourceStep, sourceRow, sourcePlane] = wraps(product.sourceSteps);
  const [targetStep, targetRow, targetPlane] = wraps(product.targetSteps);
  return JOB.put(runtime, {
    slabs,
    slabBytes: bytes * SLAB_ROWS,
    rows,
    inner,
    innerEnd: inner + bytes,
    panelBytes: bytes * LANES,
    panels,
    rowStep,
    width,
    height,
    sourceStep,
    sourceRow,
    sourcePlane,
    targetStep,
    targetRow,
    targetPlane,
    bias,
    relu: Number(relu),
    blocks,
    blockSource,
    blockSlabs,
    accumulate: Number(accumulate),
  });
}

/**
 * Computes columns of a product, from the one whose addresses are `source` and `target` on, number `x` and `y` of its row and plane.
 * Eight at a time are gathered into the thread's panel, which is then multiplied with all rows. Columns that do not stand side by side in
 * the result are stored one by one.
 * @param rows computed at once
 */
const gatheredCode = (rows: number, multiplyAdd: MultiplyAdd): KernelCode =>
  kernelCode(`gathered${rows}`, 7, ([job, source, target, x, y, columns, thread], locals) => {
    const { field, readAll } = JOB.read(locals, job);
    const { width, height, rowStep, blocks, bias, relu } = field;
    const [from, to] = [locals.array('i32', LANES), locals.array('i32', LANES)];
    const [count, direct, aligned, block, blockSlab, slab, rest] = locals.array('i32', 7);
    const [table, at, end, place, row, inside, whole, fresh, spare, biasAt] = locals.array('i32', 10);
    const [offset, panel, run, second, twoRuns] = locals.array('i32', 5);
    const sums = Array.from({ length: rows }, () => locals.array('v128', LANES / 4));
    const right = locals.array('v128', LANES / 4);
    const left = locals.new('v128');

    const nextColumn: Statement = [
      advance(x, 1),
      advance(source, field.sourceStep),
      advance(target, field.targetStep),
      when(
        i32.eq(x, width),
        x.set(0),
        advance(source, field.sourceRow),
        advance(target, field.targetRow),
        advance(y, 1),
        when(
          i32.eq(y, height),
          y.set(0),
          advance(source, field.sourcePlane),
          advance(target, field.targetPlane),
        ),
      ),
    ];
    /** Whether eight columns stand side by side. Their addresses rise. */
    const adjacent = (lanes: readonly Local<'i32'>[]) =>
      i32.and(i32.eq(count, LANES), i32.eq(i32.sub(lanes[LANES - 1], lanes[0]), (LANES - 1) * FLOAT));
    const gather: Statement = [
      table.set(field.inner),
      at.set(panel),
      when(
        direct,
        countUp(
          [table, field.innerEnd, FLOAT],
          place.set(i32.add(from[0], i32.load(table))),
          right.map((_, v) => v128.store(at, v128.load(place, v * REGISTER), v * REGISTER)),
          advance(at, PANEL_STEP),
        ),
      ),
      // Each run copies whole registers: the second overwrites what the first copies past its end, and its own excess lies past the panel's columns.
      when(
        twoRuns,
        countUp(
          [table, field.innerEnd, FLOAT],
          offset.set(i32.load(table)),
          place.set(i32.add(from[0], offset)),
          right.map((_, v) => v128.store(at, v128.load(place, v * REGISTER), v * REGISTER)),
          place.set(i32.add(second, offset)),
          offset.set(i32.add(at, run)),
          right.map((_, v) => v128.store(offset, v128.load(place, v * REGISTER), v * REGISTER)),
          advance(at, PANEL_STEP),
        ),
      ),
      // Nothing is left to do after the loops above.
      countUp(
        [table, field.innerEnd, FLOAT],
        place.set(i32.load(table)),
        from.map((lane, l) => f32.store(at, f32.load(i32.add(lane, place)), l * FLOAT)),
        advance(at, PANEL_STEP),
      ),
    ];
    /** Calls `f` for the elements of the result that a tile has, with the address of each. */
    const eachElement = (f: (address: I32, r: number, l: number) => Statement): Statement => [
      offset.set(row),
      sums.map((_, r) => [
        when(
          i32.gt(inside, r),
          to.map((lane, l) => f(i32.add(lane, offset), r, l)),
        ),
        advance(offset, rowStep),
      ]),
    ];
    const eachSum = (f: (sum: Local<'v128'>, v: number) => Statement, step: Local<'i32'> | number) =>
      sums.map((line) => [line.map(f), advance(at, step)]);
    const finish: Statement = [
      when(
        bias,
        sums.map((line, r) => [
          left.set(v128.load32Splat(biasAt, r * FLOAT)),
          line.map((sum) => sum.set(f32x4.add(sum, left))),
        ]),
      ),
      when(
        relu,
        sums.flat().map((sum) => sum.set(f32x4.max(sum, v128.zero))),
      ),
    ];
    const load = (sum: Local<'v128'>, v: number) => sum.set(v128.load(at, v * REGISTER));
    const store = (sum: Local<'v128'>, v: number) => v128.store(at, sum, v * REGISTER);
    const tile: Statement = [
      inside.set(rows),
      when(i32.lt(rest, rows), inside.set(rest)),
      whole.set(i32.and(aligned, i32.eq(inside, rows))),
      when(
        fresh,
        sums.flat().map((sum) => sum.set(v128.zero)),
      ),
      when(
        i32.eqz(fresh),
        when(whole, at.set(i32.add(to[0], row)), eachSum(load, rowStep)),
        when(
          i32.eqz(whole),
          eachElement((address, r, l) => f32.store(spare, f32.load(address), r * PANEL_STEP + l * FLOAT)),
          at.set(spare),
          eachSum(load, PANEL_STEP),
        ),
      ),
      at.set(panel),
      place.set(slab),
      countUp(
        [at, end, PANEL_STEP],
        right.map((vector, v) => vector.set(v128.load(at, v * REGISTER))),
        sums.map((line, r) => [
          left.set(v128.load32Splat(place, r * FLOAT)),
          line.map((sum, v) => sum.set(multiplyAdd(left, right[v], sum))),
        ]),
        advance(place, SLAB_STEP),
      ),
      when(i32.eq(i32.add(block, 1), blocks), finish),
      when(whole, at.set(i32.add(to[0], row)), eachSum(store, rowStep)),
      when(
        i32.eqz(whole),
        eachElement((address, r, l) => v128.store32Lane(address, sums[r][l >> 2], l & 3)),
      ),
      advance(slab, field.slabBytes),
      advance(row, i32.mul(rowStep, rows)),
      advance(biasAt, rows * FLOAT),
      advance(rest, -rows),
    ];
    return [
      readAll,
      panel.set(i32.add(field.panels, i32.mul(thread, i32.add(field.panelBytes, SPARE_BYTES)))),
      end.set(i32.add(panel, field.panelBytes)),
      spare.set(end),
      repeatWhile(
        i32.gt(columns, 0),
        run.set(i32.sub(width, x)),
        count.set(columns),
        when(i32.gt(count, LANES), count.set(LANES)),
        // Lanes past the last column repeat it.
        from.map((lane, l) => [
          lane.set(source),
          to[l].set(target),
          when(i32.gt(columns, l + 1), nextColumn),
        ]),
        direct.set(adjacent(from)),
        // They are in one row and the next, which has all the rest.
        twoRuns.set(
          i32.and(
            i32.and(i32.eq(field.sourceStep, FLOAT), i32.eq(count, LANES)),
            i32.and(i32.ge(i32.add(run, width), LANES), i32.lt(run, LANES)),
          ),
        ),
        run.set(i32.mul(run, FLOAT)),
        second.set(i32.add(i32.sub(from[LANES - 1], (LANES - 1) * FLOAT), run)),
        aligned.set(adjacent(to)),
        block.set(0),
        blockSlab.set(field.slabs),
        repeatWhile(
          i32.lt(block, blocks),
          gather,
          fresh.set(i32.and(i32.eqz(block), i32.eqz(field.accumulate))),
          slab.set(blockSlab),
          row.set(0),
          rest.set(field.rows),
          biasAt.set(bias),
          repeatWhile(i32.gt(rest, 0), tile),
          [...from, second].map((lane) => advance(lane, field.blockSource)),
          advance(blockSlab, field.blockSlabs),
          advance(block, 1),
        ),
        advance(columns, -LANES),
      ),
    ];
  });

const codes = new Map<string, KernelCode>();

function codeFor(rows: number, fastMath: boolean): KernelCode {
  const key = `${rows} ${fastMath}`;
  let code = codes.get(key);
  if (code === undefined) {
    code = gatheredCode(rows, fastMath ? fused : exactly);
    codes.set(key, code);
  }
  return code;
}

/** Nanoseconds that a product takes. */
export function gatheredCost({ rows, inner, counts, blocks = 1 }: GatheredProduct): number {
  const columns = LANES * Math.ceil((counts[0] * counts[1] * counts[2]) / LANES);
  const whole = rows === 1 ? 1 : SLAB_ROWS * Math.ceil(rows / SLAB_ROWS);
  return columns * inner.length * blocks * (whole * NANOSECONDS.multiply + NANOSECONDS.gather);
}

/** Computes a product, its columns shared among threads. */
export function multiplyGathered(runtime: Runtime, product: GatheredProduct, fastMath: boolean): void {
  const { rows, inner, counts, source, target, sourceSteps, targetSteps } = product;
  const [width, height, planes] = counts;
  const columns = width * height * planes;
  if (columns === 0 || rows === 0) return;
  runtime.scoped(() => {
    const cost = gatheredCost(product);
    const panel = inner.length * LANES + SPARE_BYTES / FLOAT;
    const panels = runtime.reserve(panel * runtime.threadsFor(cost));
    const job = jobOf(runtime, product, putWords(runtime, inner), panels);
    runtime.split(
      codeFor(rows === 1 ? 1 : SLAB_ROWS, fastMath),
      columns,
      LANES,
      cost,
      (kernel, start, stop) => {
        const x = start % width;
        const y = Math.floor(start / width) % height;
        const z = Math.floor(start / (width * height));
        kernel(
          job,
          source + place(sourceSteps, x, y, z),
          target + place(targetSteps, x, y, z),
          x,
          y,
          stop - start,
        );
      },
    );
  });
}
