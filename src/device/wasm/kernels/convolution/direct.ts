import * as f32x4 from '../../assembler/f32x4.js';
import * as i32 from '../../assembler/i32.js';
import { advance, countUp, type Local, repeatWhile, type Statement, when } from '../../assembler/index.js';
import * as v128 from '../../assembler/v128.js';
import { NANOSECONDS } from '../../costs.js';
import { type KernelCode, kernelCode } from '../../kernel-code.js';
import type { Runtime } from '../../runtime.js';
import { FLOAT, REGISTER } from '../../sizes.js';
import { exactly, fused, type MultiplyAdd } from '../matmul/epilogue.js';
import { Job, putWords } from './job.js';
import { type GatheredProduct, place, SLAB_ROWS } from './product.js';

const LANES = 4;

/** Registers of columns for so many rows: sums that hide the latency of an addition, and fit sixteen registers. */
const VECTORS = [8, 4, 3, 2];

/** What is computed at once: rows of the result, and `runs` of columns side by side, `vectors` registers each. */
interface DirectTile {
  readonly rows: number;
  readonly runs: number;
  readonly vectors: number;
}

/** The tile that computes the fewest columns in vain where a row is not a whole number of runs. */
function tileOf(rows: number, width: number): DirectTile {
  const most = VECTORS[rows - 1];
  const all = Math.ceil(width / LANES);
  const computed = (vectors: number): number => Math.ceil(all / vectors) * vectors;
  let best = 1;
  for (let v = 2; v <= Math.min(all, most); v++) if (computed(v) <= computed(best)) best = v;
  return { rows, runs: Math.floor(most / best), vectors: best };
}

/** Runs of a row; the last one begins earlier where they do not come out even. */
const runsOf = (width: number, { vectors }: DirectTile): number => Math.ceil(width / LANES / vectors);

/** What a kernel reads of a product, word by word. */
const JOB = /* @__PURE__ */ new Job([
  'slabs',
  'slabBytes',
  'rows',
  'inner',
  'innerEnd',
  'rowStep',
  'last',
  'height',
  'sourceRow',
  'sourcePlane',
  'targetStep',
  'targetRow',
  'targetPlane',
  'bias',
  'relu',
]);

/**
 * Computes runs of columns of a product, from the one at column `x` on of row `y` of its plane, whose row begins at `source` and
 * `target`. The right operand is read where it stands.
 * @param lanes columns of the last register of a run
 */
const directCode = (tile: DirectTile, lanes: number, multiplyAdd: MultiplyAdd): KernelCode =>
  kernelCode('direct', 6, ([job, source, target, x, y, runs], locals) => {
    const { field, readAll } = JOB.read(locals, job);
    const { last, rowStep, targetStep } = field;
    const { rows, vectors } = tile;
    const columns = vectors * LANES;
    const [from, to] = [locals.array('i32', tile.runs), locals.array('i32', tile.runs)];
    const [slab, rest, row, biasAt, table, weight, offset, at] = locals.array('i32', 8);
    const sums = Array.from({ length: rows }, () => from.map(() => locals.array('v128', vectors)));
    const left = locals.array('v128', rows);
    const right = locals.new('v128');

    const nextRun: Statement = [
      when(
        i32.eq(x, last),
        x.set(-columns),
        advance(source, field.sourceRow),
        advance(target, field.targetRow),
        advance(y, 1),
        when(
          i32.eq(y, field.height),
          y.set(0),
          advance(source, field.sourcePlane),
          advance(target, field.targetPlane),
        ),
      ),
      advance(x, columns),
      when(i32.gt(x, last), x.set(last)),
    ];
    const store = (run: readonly Local<'v128'>[], r: number): Statement => [
      at.set(i32.add(to[r], row)),
      when(
        i32.eq(targetStep, FLOAT),
        run.map((sum, v) =>
          v < vectors - 1 || lanes === LANES
            ? v128.store(at, sum, v * REGISTER)
            : eachLane(lanes).map((l) => v128.store32Lane(at, sum, l, v * REGISTER + l * FLOAT)),
        ),
      ),
      when(
        i32.ne(targetStep, FLOAT),
        run.map((sum, v) =>
          eachLane(v < vectors - 1 ? LANES : lanes).map((l) => [
            v128.store32Lane(at, sum, l),
            advance(at, targetStep),
          ]),
        ),
      ),
    ];
    const product: Statement = [
      sums.flat(2).map((sum) => sum.set(v128.zero)),
      table.set(field.inner),
      weight.set(slab),
      countUp(
        [table, field.innerEnd, FLOAT],
        offset.set(i32.load(table)),
        left.map((factor, r) => factor.set(v128.load32Splat(weight, r * FLOAT))),
        from.map((start, run) => [
          at.set(i32.add(start, offset)),
          Array.from({ length: vectors }, (_, v) => [
            right.set(v128.load(at, v * REGISTER)),
            sums.map((line, r) => line[run][v].set(multiplyAdd(left[r], right, line[run][v]))),
          ]),
        ]),
        advance(weight, SLAB_ROWS * FLOAT),
      ),
      when(
        field.bias,
        sums.map((line, r) => [
          right.set(v128.load32Splat(biasAt, r * FLOAT)),
          line.flat().map((sum) => sum.set(f32x4.add(sum, right))),
        ]),
      ),
      when(
        field.relu,
        sums.flat(2).map((sum) => sum.set(f32x4.max(sum, v128.zero))),
      ),
      sums.map((line, r) => when(i32.gt(rest, r), line.map(store), advance(row, rowStep))),
      advance(slab, field.slabBytes),
      advance(biasAt, rows * FLOAT),
      advance(rest, -rows),
    ];
    return [
      readAll,
      repeatWhile(
        i32.gt(runs, 0),
        // Past the last run it is computed again.
        from.map((start, r) => [
          start.set(i32.add(source, i32.mul(x, FLOAT))),
          to[r].set(i32.add(target, i32.mul(x, targetStep))),
          when(i32.gt(runs, r + 1), nextRun),
        ]),
        slab.set(field.slabs),
        row.set(0),
        rest.set(field.rows),
        biasAt.set(field.bias),
        repeatWhile(i32.gt(rest, 0), product),
        advance(runs, -tile.runs),
      ),
    ];
  });

const eachLane = (lanes: number): number[] => [0, 1, 2, 3].slice(0, lanes);

const codes = new Map<string, KernelCode>();

function codeFor(tile: DirectTile, lanes: number, fastMath: boolean): KernelCode {
  const key = [tile.rows, tile.runs, tile.vectors, lanes, fastMath].join();
  const code = codes.get(key) ?? directCode(tile, lanes, fastMath ? fused : exactly);
  codes.set(key, code);
  return code;
}

/** Nanoseconds that a product takes whose columns stand side by side; infinitely many for another. */
export function directCost({ rows, inner, counts, sourceSteps, blocks }: GatheredProduct): number {
  if (sourceSteps[0] !== FLOAT || blocks !== undefined) return Number.POSITIVE_INFINITY;
  const [width, height, planes] = counts;
  const tile = tileOf(Math.min(rows, SLAB_ROWS), width);
  const whole = Math.ceil(rows / tile.rows) * tile.rows;
  const columns = runsOf(width, tile) * tile.vectors * LANES * height * planes;
  return columns * inner.length * whole * NANOSECONDS.multiplyDirect;
}

/** Computes a product whose columns stand side by side in rows of an image, shared among threads. */
export function multiplyDirect(runtime: Runtime, product: GatheredProduct, fastMath: boolean): void {
  const { rows, inner, slabs, counts, source, target, sourceSteps, targetSteps, rowStep, bias, relu } =
    product;
  const [width, height, planes] = counts;
  const tile = tileOf(Math.min(rows, SLAB_ROWS), width);
  const columns = tile.vectors * LANES;
  const perRow = runsOf(width, tile);
  const last = Math.max(0, width - columns);
  const lanes = Math.min(LANES, width - (columns - LANES));
  runtime.scoped(() => {
    const table = putWords(runtime, inner);
    const job = JOB.put(runtime, {
      slabs,
      slabBytes: inner.length * SLAB_ROWS * FLOAT,
      rows,
      inner: table,
      innerEnd: table + inner.length * FLOAT,
      rowStep,
      last,
      height,
      sourceRow: sourceSteps[1],
      sourcePlane: sourceSteps[2] - height * sourceSteps[1],
      targetStep: targetSteps[0],
      targetRow: targetSteps[1],
      targetPlane: targetSteps[2] - height * targetSteps[1],
      bias,
      relu: Number(relu),
    });
    const runs = perRow * height * planes;
    runtime.split(
      codeFor(tile, lanes, fastMath),
      runs,
      tile.runs,
      directCost(product),
      (kernel, start, stop) => {
        const y = Math.floor(start / perRow) % height;
        const z = Math.floor(start / (perRow * height));
        kernel(
          job,
          source + place(sourceSteps, 0, y, z),
          target + place(targetSteps, 0, y, z),
          Math.min((start % perRow) * columns, last),
          y,
          stop - start,
        );
      },
    );
  });
}
