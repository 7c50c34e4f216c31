import {
  countUp,
  f32,
  f32x4,
  i32,
  type Local,
  repeatWhile,
  type Statement,
  v128,
  when,
} from '../../assembler/index.js';
import { type KernelCode, kernelCode } from '../../kernel-code.js';
import { finishSums, type MultiplyAdd } from './epilogue.js';

const FLOAT = 4;
const VECTOR = 16;

/** A part of the product that is held in registers; columns are a multiple of 4. */
export interface Tile {
  readonly rows: number;
  readonly columns: number;
}

export const tileName = ({ rows, columns }: Tile): string => `${rows}x${columns}`;

/** Floats for each p in a slab of the left operand: whole vectors, which is how it is packed. */
export const slabWidth = ({ rows }: Tile): number => 4 * Math.ceil(rows / 4);

/** Bytes of scratch space for a tile that reaches over the edge of the product. */
export const tileBytes = ({ rows, columns }: Tile): number => rows * columns * FLOAT;

/** Copies the elements of a tile that belong to the product, one by one: rows and columns are counted in its locals. */
function copyCorner(
  [row, column, from, to]: readonly Local<'i32'>[],
  source: Local<'i32'>,
  target: Local<'i32'>,
  { sourceStep, targetStep, rows, columns }: Readonly<Record<string, Local<'i32'>>>,
): Statement {
  return [
    ...row.set(i32.const(0)),
    ...countUp(
      row,
      rows.get,
      1,
      from.set(i32.add(source.get, i32.mul(row.get, sourceStep.get))),
      to.set(i32.add(target.get, i32.mul(row.get, targetStep.get))),
      column.set(i32.const(0)),
      countUp(
        column,
        columns.get,
        1,
        f32.store(to.get, f32.load(from.get)),
        from.set(i32.add(from.get, i32.const(FLOAT))),
        to.set(i32.add(to.get, i32.const(FLOAT))),
      ),
    ),
  ];
}

/**
 * c = a · b for packed operands: slabs of a at `a`, panels of b at `b`, each `k` long; the part of c that they stand for
 * begins at `c`, its rows `cStep` bytes apart. Every element adds its products in order, to +0 where `first`, else to
 * what c holds: the definition in src/tensor/kernels/matmul.ts. The sums stay in registers while k runs. A tile that
 * reaches over the edge is put together in `spare`, and only what belongs to c is copied.
 */
export function tileCode(tile: Tile, multiplyAdd: MultiplyAdd): KernelCode {
  const columns = tile.columns;
  const panelStep = columns * FLOAT;
  const slabStep = slabWidth(tile) * FLOAT;
  return kernelCode({
    name: `tile${tileName(tile)}`,
    parameters: {
      a: 'i32',
      b: 'i32',
      c: 'i32',
      k: 'i32',
      rows: 'i32',
      columns: 'i32',
      cStep: 'i32',
      spare: 'i32',
      first: 'i32',
      bias: 'i32',
      relu: 'i32',
    },
    body: (p, locals) => {
      const [i, slab, panel, end, slabBytes, panelBytes, edge, to, step] = locals.array('i32', 9);
      const [at, here, spareStep, insideRows, insideColumns] = locals.array('i32', 5);
      const counters = locals.array('i32', 4);
      const sums = Array.from({ length: tile.rows }, () => locals.array('v128', columns / 4));
      const right = locals.array('v128', columns / 4);
      const left = locals.new('v128');

      const inside = (count: Local<'i32'>, rest: Local<'i32'>, most: number) => [
        count.set(i32.const(most)),
        when(i32.lt(rest.get, i32.const(most)), count.set(rest.get), edge.set(i32.const(1))),
      ];
      const belonging = { rows: insideRows, columns: insideColumns };
      const eachRow = (f: (row: readonly Local<'v128'>[]) => readonly Statement[]): Statement[] => [
        at.set(to.get),
        ...sums.flatMap((row) => [...f(row), at.set(i32.add(at.get, step.get))]),
      ];
      return [
        slabBytes.set(i32.mul(p.k.get, i32.const(slabStep))),
        panelBytes.set(i32.mul(p.k.get, i32.const(panelStep))),
        spareStep.set(i32.const(panelStep)),
        repeatWhile(
          i32.gt(p.columns.get, i32.const(0)),
          slab.set(p.a.get),
          here.set(p.c.get),
          i.set(p.rows.get),
          repeatWhile(
            i32.gt(i.get, i32.const(0)),
            edge.set(i32.const(0)),
            inside(insideRows, i, tile.rows).flat(),
            inside(insideColumns, p.columns, columns).flat(),
            to.set(here.get),
            step.set(p.cStep.get),
            when(edge.get, to.set(p.spare.get), step.set(spareStep.get)),
            when(p.first.get, ...sums.flat().map((sum) => sum.set(f32x4.const(0)))),
            when(
              i32.eqz(p.first.get),
              when(
                edge.get,
                copyCorner(counters, here, p.spare, {
                  sourceStep: p.cStep,
                  targetStep: spareStep,
                  ...belonging,
                }),
              ),
              ...eachRow((row) => row.map((sum, v) => sum.set(v128.load(at.get, v * VECTOR)))),
            ),
            panel.set(p.b.get),
            end.set(i32.add(panel.get, panelBytes.get)),
            at.set(slab.get),
            countUp(
              panel,
              end.get,
              panelStep,
              ...right.map((local, v) => local.set(v128.load(panel.get, v * VECTOR))),
              ...sums.flatMap((row, r) => [
                left.set(v128.load32Splat(at.get, r * FLOAT)),
                ...row.map((sum, v) => sum.set(multiplyAdd(left.get, right[v].get, sum.get))),
              ]),
              at.set(i32.add(at.get, i32.const(slabStep))),
            ),
            finishSums(sums, p.bias.get, p.relu.get),
            ...eachRow((row) => row.map((sum, v) => v128.store(at.get, sum.get, v * VECTOR))),
            when(
              edge.get,
              copyCorner(counters, p.spare, here, {
                sourceStep: spareStep,
                targetStep: p.cStep,
                ...belonging,
              }),
            ),
            slab.set(i32.add(slab.get, slabBytes.get)),
            here.set(i32.add(here.get, i32.mul(p.cStep.get, i32.const(tile.rows)))),
            i.set(i32.sub(i.get, i32.const(tile.rows))),
          ),
          p.b.set(end.get),
          p.c.set(i32.add(p.c.get, i32.const(panelStep))),
          when(p.bias.get, p.bias.set(i32.add(p.bias.get, i32.const(panelStep)))),
          p.columns.set(i32.sub(p.columns.get, i32.const(columns))),
        ),
      ];
    },
  });
}
