import * as i32 from '../../assembler/i32.js';
import { advance, countUp, repeatWhile, when } from '../../assembler/index.js';
import * as v128 from '../../assembler/v128.js';
import { NANOSECONDS } from '../../costs.js';
import { type KernelCode, kernelCode } from '../../kernel-code.js';
import type { Runtime } from '../../runtime.js';
import { FLOAT, LINE, REGISTER } from '../../sizes.js';
import type { Epilogue } from './epilogue.js';
import { transpose4 } from './transpose.js';

/** A matrix as it stands in memory: element (p, j) at `address + p * inner + j * outer`, in bytes; one of the steps is 4. */
export interface Strided {
  readonly address: number;
  /** The step along k, over which products are summed. */
  readonly inner: number;
  /** The step along the rows or columns of the result. */
  readonly outer: number;
}

/** A matrix product c = a · b as it stands in memory: [m, k] · [k, n]. */
export interface Product extends Epilogue {
  readonly m: number;
  readonly k: number;
  readonly n: number;
  /** `outer` steps over rows. */
  readonly a: Strided;
  /** `outer` steps over columns. */
  readonly b: Strided;
  /** Address of the result, and bytes from row to row. */
  readonly c: number;
  readonly cStep: number;
}

/**
 * How an operand stands when packed: panels of `count` of its rows or columns, each with `width` floats for every p, a
 * multiple of 4; floats from `count` to `width` are padding.
 */
interface PanelSize {
  readonly count: number;
  readonly width: number;
}

/** The same, with the kernels that pack a matrix whose numbers of one p, or of one row or column, stand side by side. */
export interface PanelShape extends PanelSize {
  readonly across: KernelCode;
  readonly along: KernelCode;
}

/** Bytes of a packed panel. */
export const panelBytes = ({ width }: PanelSize, k: number): number => width * k * FLOAT;

/**
 * Panels that two cache lines of the matrix have numbers of: they are packed together, so that each line is fetched once, and
 * its neighbour with it.
 */
const together = ({ count, width }: PanelSize): number =>
  count === width ? Math.max(1, Math.floor((2 * LINE) / count)) : 1;

/** Packs a matrix whose numbers of one p stand side by side: whole vectors are copied. */
const packAcross = ({ count, width }: PanelSize): KernelCode =>
  kernelCode(`packAcross${count}of${width}`, 5, ([from, to, k, left, inner], locals) => {
    const [source, end] = locals.array('i32', 2);
    const group = together({ count, width });
    const others = locals.array('i32', group - 1);
    const panels = [to, ...others];
    const vectors = locals.array('i32', width / 4);
    const place = (v: number) => (v === 0 ? source : i32.add(source, vectors[v]));
    const whole = repeatWhile(
      i32.ge(left, group * count),
      source.set(from),
      end.set(i32.add(to, i32.mul(k, width * FLOAT))),
      others.map((other, g) => other.set(i32.add(panels[g], i32.mul(k, width * FLOAT)))),
      repeatWhile(
        i32.lt(to, end),
        panels.flatMap((panel, g) => [
          ...vectors.map((_, v) =>
            v128.store(panel, v128.load(source, g * count * FLOAT + v * REGISTER), v * REGISTER),
          ),
          advance(panel, width * FLOAT),
        ]),
        advance(source, inner),
      ),
      to.set(panels[group - 1]),
      advance(from, group * count * FLOAT),
      advance(left, -group * count),
    );
    return [
      group > 1 ? whole : [],
      repeatWhile(
        i32.gt(left, 0),
        // A vector of which nothing is needed is not read: it could lie beyond the end of the memory.
        vectors.flatMap((offset, v) =>
          v === 0 ? [] : [offset.set(i32.mul(i32.gt(left, 4 * v), v * REGISTER))],
        ),
        source.set(from),
        end.set(i32.add(to, i32.mul(k, width * FLOAT))),
        repeatWhile(
          i32.lt(to, end),
          vectors.map((_, v) => v128.store(to, v128.load(place(v)), v * REGISTER)),
          advance(source, inner),
          advance(to, width * FLOAT),
        ),
        advance(from, count * FLOAT),
        advance(left, -count),
      ),
    ];
  });

/** Packs a matrix whose numbers of one row or column stand side by side: squares of 4 by 4 are transposed. */
const packAlong = ({ count, width }: PanelSize): KernelCode =>
  kernelCode(`packAlong${count}of${width}`, 5, ([from, to, k, left, outer], locals) => {
    const [group, row, place, rest] = locals.array('i32', 4);
    const rows = locals.array('i32', 4);
    const square = locals.array('v128', 4);
    const columns = transpose4(square, locals);
    const read = [rows.map((r, q) => square[q].set(v128.load(r))), columns.statements];
    const write = (q: number) => v128.store(place, columns.result[q], q * width * FLOAT);
    return [
      repeatWhile(
        i32.gt(left, 0),
        group.set(0),
        countUp(
          [group, width, 4],
          // Rows past the last one repeat it.
          rows.flatMap((r, q) => [
            row.set(i32.add(group, q)),
            when(i32.ge(row, left), row.set(i32.sub(left, 1))),
            r.set(i32.add(from, i32.mul(row, outer))),
          ]),
          place.set(i32.add(to, i32.mul(group, FLOAT))),
          rest.set(k),
          repeatWhile(
            i32.ge(rest, 4),
            read,
            [0, 1, 2, 3].map(write),
            rows.map((r) => advance(r, REGISTER)),
            advance(place, 4 * width * FLOAT),
            advance(rest, -4),
          ),
          when(
            i32.gt(rest, 0),
            read,
            write(0),
            when(i32.gt(rest, 1), write(1)),
            when(i32.gt(rest, 2), write(2)),
          ),
        ),
        advance(to, i32.mul(k, width * FLOAT)),
        advance(from, i32.mul(outer, count)),
        advance(left, -count),
      ),
    ];
  });

const known = new Map<string, PanelShape>();

/** Panels of a size; their kernels are shared by all who ask for it. */
export function panelShape(count: number, width: number): PanelShape {
  const key = `${count}of${width}`;
  let shape = known.get(key);
  if (shape === undefined) {
    const size = { count, width };
    shape = { count, width, across: packAcross(size), along: packAlong(size) };
    known.set(key, shape);
  }
  return shape;
}

/** Packs `count` rows or columns of a matrix, `k` numbers of each from the `p`-th on, into panels that begin at `to`. */
export function pack(
  runtime: Runtime,
  { address, inner, outer }: Strided,
  shape: PanelShape,
  {
    p,
    k,
    count,
    to,
  }: { readonly p: number; readonly k: number; readonly count: number; readonly to: number },
): void {
  const isAcross = outer === FLOAT;
  const code = isAcross ? shape.across : shape.along;
  const step = isAcross ? inner : outer;
  const bytes = panelBytes(shape, k);
  const from = address + p * inner;
  runtime.split(code, count, shape.count, count * k * NANOSECONDS.pack, (kernel, start, end) =>
    kernel(from + start * outer, to + (start / shape.count) * bytes, k, end - start, step),
  );
}
