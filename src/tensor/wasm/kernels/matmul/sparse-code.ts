import {
  countUp,
  f32,
  f32x4,
  i32,
  type Local,
  type Locals,
  repeatWhile,
  type Statement,
  v128,
  when,
} from '../../assembler/index.js';
import { type KernelCode, kernelCode } from '../../kernel-code.js';
import { finishSums, type MultiplyAdd } from './epilogue.js';
import { ENTRY } from './non-zeros.js';
import { transpose4 } from './transpose.js';

const FLOAT = 4;
const VECTOR = 16;
/** Columns of the dense operand whose sums stay in registers while a row's factors run. */
const VECTORS = 8;
export const SPARSE_COLUMNS = 4 * VECTORS;
const ROW = SPARSE_COLUMNS * FLOAT;
/** Rows put together before they are stored transposed. */
const SQUARE = 4;
/** Bytes of scratch space a part needs. */
export const SPARSE_SPARE = SQUARE * ROW;

const parameters = {
  /** The sparse operand's lists, as `gatherNonZeros` makes them. */
  lists: 'i32',
  listStep: 'i32',
  ends: 'i32',
  /** The dense operand's panels of 32 columns, and their size in bytes. */
  panels: 'i32',
  panelBytes: 'i32',
  c: 'i32',
  cStep: 'i32',
  rows: 'i32',
  columns: 'i32',
  spare: 'i32',
} as const;

const move = (pointer: Local<'i32'>, by: number): Statement =>
  pointer.set(i32.add(pointer.get, i32.const(by)));

/** Sums for one row and panel, from +0 in the order of the list: factors that are zero would not change them. */
function rowSums(
  { list, end, panel }: Readonly<Record<'list' | 'end' | 'panel', Local<'i32'>>>,
  locals: Locals,
  multiplyAdd: MultiplyAdd,
): { readonly sums: readonly Local<'v128'>[]; readonly statements: readonly Statement[] } {
  const sums = locals.array('v128', VECTORS);
  const factor = locals.new('v128');
  const at = locals.new('i32');
  const statements = [
    ...sums.map((sum) => sum.set(f32x4.const(0))),
    countUp(
      list,
      end.get,
      ENTRY,
      at.set(i32.add(panel.get, i32.load(list.get))),
      factor.set(v128.load32Splat(list.get, FLOAT)),
      ...sums.map((sum, v) => sum.set(multiplyAdd(factor.get, v128.load(at.get, v * VECTOR), sum.get))),
    ),
  ];
  return { sums, statements };
}

/** c = sparse · dense, with bias and activation. Columns past the last one of c are left out. */
export const sparseCode = (multiplyAdd: MultiplyAdd): KernelCode =>
  kernelCode({
    name: 'sparseProduct',
    parameters: { ...parameters, bias: 'i32', relu: 'i32' },
    body: (p, locals) => {
      const [i, start, list, end, ends, to, column] = locals.array('i32', 7);
      const { sums, statements } = rowSums({ list, end, panel: p.panels }, locals, multiplyAdd);
      return [
        repeatWhile(
          i32.gt(p.columns.get, i32.const(0)),
          i.set(i32.const(0)),
          start.set(p.lists.get),
          ends.set(p.ends.get),
          to.set(p.c.get),
          countUp(
            i,
            p.rows.get,
            1,
            list.set(start.get),
            end.set(i32.load(ends.get)),
            ...statements,
            finishSums([sums], p.bias.get, p.relu.get),
            when(
              i32.ge(p.columns.get, i32.const(SPARSE_COLUMNS)),
              ...sums.map((sum, v) => v128.store(to.get, sum.get, v * VECTOR)),
            ),
            when(
              i32.lt(p.columns.get, i32.const(SPARSE_COLUMNS)),
              ...sums.map((sum, v) => v128.store(p.spare.get, sum.get, v * VECTOR)),
              column.set(i32.const(0)),
              countUp(
                column,
                i32.mul(p.columns.get, i32.const(FLOAT)),
                FLOAT,
                f32.store(i32.add(to.get, column.get), f32.load(i32.add(p.spare.get, column.get))),
              ),
            ),
            start.set(i32.add(start.get, p.listStep.get)),
            move(ends, FLOAT),
            to.set(i32.add(to.get, p.cStep.get)),
          ),
          p.panels.set(i32.add(p.panels.get, p.panelBytes.get)),
          move(p.c, ROW),
          when(p.bias.get, move(p.bias, ROW)),
          move(p.columns, -SPARSE_COLUMNS),
        ),
      ];
    },
  });

/** The same product stored transposed: row i of sparse · dense is column i of c. Four rows at a time, so that vectors are stored. */
export const sparseTransposedCode = (multiplyAdd: MultiplyAdd): KernelCode =>
  kernelCode({
    name: 'sparseProductTransposed',
    parameters,
    body: (p, locals) => {
      const [i, start, list, end, ends, to, row, spare, column, place] = locals.array('i32', 10);
      const { sums, statements } = rowSums({ list, end, panel: p.panels }, locals, multiplyAdd);
      const square = locals.array('v128', 4);
      const { statements: transpose, result } = transpose4(square, locals);
      const whole = i32.and(
        i32.ge(p.columns.get, i32.const(SPARSE_COLUMNS)),
        i32.eq(row.get, i32.const(SQUARE)),
      );
      const down = (pointer: Local<'i32'>) => pointer.set(i32.add(pointer.get, p.cStep.get));
      return [
        repeatWhile(
          i32.gt(p.columns.get, i32.const(0)),
          i.set(i32.const(0)),
          start.set(p.lists.get),
          ends.set(p.ends.get),
          to.set(p.c.get),
          countUp(
            i,
            p.rows.get,
            SQUARE,
            row.set(i32.const(0)),
            spare.set(p.spare.get),
            repeatWhile(
              i32.and(i32.lt(row.get, i32.const(SQUARE)), i32.lt(i32.add(i.get, row.get), p.rows.get)),
              list.set(start.get),
              end.set(i32.load(ends.get)),
              ...statements,
              ...sums.map((sum, v) => v128.store(spare.get, sum.get, v * VECTOR)),
              start.set(i32.add(start.get, p.listStep.get)),
              move(ends, FLOAT),
              move(spare, ROW),
              move(row, 1),
            ),
            place.set(to.get),
            when(
              whole,
              spare.set(p.spare.get),
              column.set(i32.const(0)),
              countUp(
                column,
                i32.const(VECTORS),
                1,
                ...square.map((line, q) => line.set(v128.load(spare.get, q * ROW))),
                ...transpose,
                ...result.flatMap((line) => [v128.store(place.get, line), down(place)]),
                move(spare, VECTOR),
              ),
            ),
            when(
              i32.eqz(whole),
              repeatWhile(
                i32.gt(row.get, i32.const(0)),
                move(row, -1),
                spare.set(i32.add(p.spare.get, i32.mul(row.get, i32.const(ROW)))),
                place.set(i32.add(to.get, i32.mul(row.get, i32.const(FLOAT)))),
                column.set(i32.const(0)),
                repeatWhile(
                  i32.and(i32.lt(column.get, p.columns.get), i32.lt(column.get, i32.const(SPARSE_COLUMNS))),
                  f32.store(place.get, f32.load(spare.get)),
                  down(place),
                  move(spare, FLOAT),
                  move(column, 1),
                ),
              ),
            ),
            move(to, SQUARE * FLOAT),
          ),
          p.panels.set(i32.add(p.panels.get, p.panelBytes.get)),
          p.c.set(i32.add(p.c.get, i32.mul(p.cStep.get, i32.const(SPARSE_COLUMNS)))),
          move(p.columns, -SPARSE_COLUMNS),
        ),
      ];
    },
  });
