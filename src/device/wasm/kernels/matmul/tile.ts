import * as f32 from '../../assembler/f32.js';
import * as i32 from '../../assembler/i32.js';
import {
  advance,
  countUp,
  type Local,
  type Locals,
  repeatWhile,
  type Statement,
  when,
} from '../../assembler/index.js';
import * as v128 from '../../assembler/v128.js';
import { type KernelCode, kernelCode } from '../../kernel-code.js';
import { FLOAT, REGISTER } from '../../sizes.js';
import { finishSums, type MultiplyAdd } from './epilogue.js';

/** A part of the product that is held in registers; columns are a multiple of 4. */
export interface Tile {
  readonly rows: number;
  readonly columns: number;
}

export const tileName = ({ rows, columns }: Tile): string => `${rows}x${columns}`;

/** Tiles that are fastest on some engine; the sums and operands of each fit sixteen registers. */
export const TILES: readonly Tile[] = [
  { rows: 4, columns: 8 },
  { rows: 6, columns: 8 },
  { rows: 3, columns: 12 },
  { rows: 2, columns: 16 },
];

/** The tile of a name. @throws RangeError listing the names for any other. */
export function tileNamed(name: string): Tile {
  const tile = TILES.find((candidate) => tileName(candidate) === name);
  if (tile !== undefined) return tile;
  throw new RangeError(
    `the tile '${name}' is none of the candidates; choose ${TILES.map(tileName).join(', ')}`,
  );
}

/** Floats for each p in a slab of the left operand: whole vectors, which is how it is packed. */
export const slabWidth = ({ rows }: Tile): number => 4 * Math.ceil(rows / 4);

/** Bytes of scratch space for a tile that reaches over the edge of the product. */
export const tileBytes = ({ rows, columns }: Tile): number => rows * columns * FLOAT;

/** A matrix as the address of its first row, and the step to the next. */
type Rows = readonly [address: Local<'i32'>, step: Local<'i32'>];

/** Copies the elements of a tile that belong to the product, one by one. */
function cornerCopy(locals: Locals, rows: Local<'i32'>, columns: Local<'i32'>) {
  const [row, column, from, to] = locals.array('i32', 4);
  return ([source, sourceStep]: Rows, [target, targetStep]: Rows): Statement => [
    row.set(0),
    countUp(
      [row, rows, 1],
      from.set(i32.add(source, i32.mul(row, sourceStep))),
      to.set(i32.add(target, i32.mul(row, targetStep))),
      column.set(0),
      countUp([column, columns, 1], f32.store(to, f32.load(from)), advance(from, FLOAT), advance(to, FLOAT)),
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
  const width = tile.columns;
  const panelStep = width * FLOAT;
  const slabStep = slabWidth(tile) * FLOAT;
  return kernelCode(
    `tile${tileName(tile)}`,
    11,
    ([a, b, c, k, rows, columns, cStep, spare, first, bias, relu], locals) => {
      const [i, slab, panel, end, slabBytes, panelBytes, edge, to, step] = locals.array('i32', 9);
      const [at, here, spareStep, insideRows, insideColumns] = locals.array('i32', 5);
      const copyCorner = cornerCopy(locals, insideRows, insideColumns);
      const sums = Array.from({ length: tile.rows }, () => locals.array('v128', width / 4));
      const right = locals.array('v128', width / 4);
      const left = locals.new('v128');

      const inside = (count: Local<'i32'>, rest: Local<'i32'>, most: number) => [
        count.set(most),
        when(i32.lt(rest, most), count.set(rest), edge.set(1)),
      ];
      const eachRow = (f: (row: readonly Local<'v128'>[]) => readonly Statement[]): Statement[] => [
        at.set(to),
        sums.map((row) => [f(row), advance(at, step)]),
      ];
      return [
        slabBytes.set(i32.mul(k, slabStep)),
        panelBytes.set(i32.mul(k, panelStep)),
        spareStep.set(panelStep),
        repeatWhile(
          i32.gt(columns, 0),
          slab.set(a),
          here.set(c),
          i.set(rows),
          repeatWhile(
            i32.gt(i, 0),
            edge.set(0),
            inside(insideRows, i, tile.rows),
            inside(insideColumns, columns, width),
            to.set(here),
            step.set(cStep),
            when(edge, to.set(spare), step.set(spareStep)),
            when(
              first,
              sums.flat().map((sum) => sum.set(v128.zero)),
            ),
            when(
              i32.eqz(first),
              when(edge, copyCorner([here, cStep], [spare, spareStep])),
              eachRow((row) => row.map((sum, v) => sum.set(v128.load(at, v * REGISTER)))),
            ),
            panel.set(b),
            end.set(i32.add(panel, panelBytes)),
            at.set(slab),
            countUp(
              [panel, end, panelStep],
              right.map((local, v) => local.set(v128.load(panel, v * REGISTER))),
              sums.map((row, r) => [
                left.set(v128.load32Splat(at, r * FLOAT)),
                row.map((sum, v) => sum.set(multiplyAdd(left, right[v], sum))),
              ]),
              advance(at, slabStep),
            ),
            finishSums(sums, bias, relu),
            eachRow((row) => row.map((sum, v) => v128.store(at, sum, v * REGISTER))),
            when(edge, copyCorner([spare, spareStep], [here, cStep])),
            advance(slab, slabBytes),
            advance(here, i32.mul(cStep, tile.rows)),
            i.set(i32.sub(i, tile.rows)),
          ),
          b.set(end),
          advance(c, panelStep),
          when(bias, advance(bias, panelStep)),
          columns.set(i32.sub(columns, width)),
        ),
      ];
    },
  );
}
