import { i32, type Local, repeatWhile, v128, when } from '../../assembler/index.js';
import { type KernelCode, kernelCode } from '../../kernel-code.js';
import type { Runtime } from '../../runtime.js';
import { transpose4 } from './transpose.js';

const FLOAT = 4;
const VECTOR = 16;

/** A matrix as it stands in memory: element (p, j) at `address + p * inner + j * outer`, in bytes; one of the steps is 4. */
export interface Strided {
  readonly address: number;
  /** The step along k, over which products are summed. */
  readonly inner: number;
  /** The step along the rows or columns of the result. */
  readonly outer: number;
}

/**
 * How an operand stands when packed: panels of `count` of its rows or columns, each with `width` floats for every p, a
 * multiple of 4; what stands between `count` and `width` is not used.
 */
export interface PanelShape {
  readonly count: number;
  readonly width: number;
}

/** Bytes of a packed panel. */
export const panelBytes = ({ width }: PanelShape, k: number): number => width * k * FLOAT;

const move = (pointer: Local<'i32'>, by: number) => pointer.set(i32.add(pointer.get, i32.const(by)));

/** Packs a matrix whose numbers of one p stand side by side: whole vectors are copied. */
const packAcross = ({ count, width }: PanelShape): KernelCode =>
  kernelCode({
    name: `packAcross${count}of${width}`,
    parameters: { from: 'i32', to: 'i32', k: 'i32', left: 'i32', inner: 'i32' },
    body: ({ from, to, k, left, inner }, locals) => {
      const [source, end] = locals.array('i32', 2);
      const vectors = locals.array('i32', width / 4);
      const place = (v: number) => (v === 0 ? source.get : i32.add(source.get, vectors[v].get));
      return [
        repeatWhile(
          i32.gt(left.get, i32.const(0)),
          // A vector of which nothing is needed is not read: it could stand behind the end of the memory.
          ...vectors.flatMap((offset, v) =>
            v === 0 ? [] : [offset.set(i32.mul(i32.gt(left.get, i32.const(4 * v)), i32.const(v * VECTOR)))],
          ),
          source.set(from.get),
          end.set(i32.add(to.get, i32.mul(k.get, i32.const(width * FLOAT)))),
          repeatWhile(
            i32.lt(to.get, end.get),
            ...vectors.map((_, v) => v128.store(to.get, v128.load(place(v)), v * VECTOR)),
            source.set(i32.add(source.get, inner.get)),
            move(to, width * FLOAT),
          ),
          move(from, count * FLOAT),
          move(left, -count),
        ),
      ];
    },
  });

/** Packs a matrix whose numbers of one row or column stand side by side: squares of 4 by 4 are transposed. */
const packAlong = ({ count, width }: PanelShape): KernelCode =>
  kernelCode({
    name: `packAlong${count}of${width}`,
    parameters: { from: 'i32', to: 'i32', k: 'i32', left: 'i32', outer: 'i32' },
    body: ({ from, to, k, left, outer }, locals) => {
      const [group, row, place, rest] = locals.array('i32', 4);
      const rows = locals.array('i32', 4);
      const square = locals.array('v128', 4);
      const columns = transpose4(square, locals);
      const read = [...rows.map((r, q) => square[q].set(v128.load(r.get))), ...columns.statements];
      const write = (q: number) => v128.store(place.get, columns.result[q], q * width * FLOAT);
      return [
        repeatWhile(
          i32.gt(left.get, i32.const(0)),
          group.set(i32.const(0)),
          repeatWhile(
            i32.lt(group.get, i32.const(width)),
            // Rows past the last one repeat it.
            ...rows.flatMap((r, q) => [
              row.set(i32.add(group.get, i32.const(q))),
              when(i32.ge(row.get, left.get), row.set(i32.sub(left.get, i32.const(1)))),
              r.set(i32.add(from.get, i32.mul(row.get, outer.get))),
            ]),
            place.set(i32.add(to.get, i32.mul(group.get, i32.const(FLOAT)))),
            rest.set(k.get),
            repeatWhile(
              i32.ge(rest.get, i32.const(4)),
              ...read,
              ...[0, 1, 2, 3].map(write),
              ...rows.map((r) => move(r, VECTOR)),
              move(place, 4 * width * FLOAT),
              move(rest, -4),
            ),
            when(
              i32.gt(rest.get, i32.const(0)),
              ...read,
              write(0),
              when(i32.gt(rest.get, i32.const(1)), write(1)),
              when(i32.gt(rest.get, i32.const(2)), write(2)),
            ),
            move(group, 4),
          ),
          to.set(i32.add(to.get, i32.mul(k.get, i32.const(width * FLOAT)))),
          from.set(i32.add(from.get, i32.mul(outer.get, i32.const(count)))),
          move(left, -count),
        ),
      ];
    },
  });

interface Packers {
  readonly across: KernelCode;
  readonly along: KernelCode;
}

const known = new Map<string, Packers>();

function packersOf(shape: PanelShape): Packers {
  const key = `${shape.count}of${shape.width}`;
  let packers = known.get(key);
  if (packers === undefined) {
    packers = { across: packAcross(shape), along: packAlong(shape) };
    known.set(key, packers);
  }
  return packers;
}

/** Nanoseconds for a float, roughly. */
const COST = 0.4;

/** Packs `count` rows or columns of a matrix, each of `k` numbers, into panels that begin at `to`. */
export function pack(
  runtime: Runtime,
  { address, inner, outer }: Strided,
  shape: PanelShape,
  { k, count, to }: { readonly k: number; readonly count: number; readonly to: number },
): void {
  const { across, along } = packersOf(shape);
  const [code, step] = outer === FLOAT ? [across, inner] : [along, outer];
  const bytes = panelBytes(shape, k);
  runtime.split(code, count, shape.count, count * k * COST, (start, end) => [
    address + start * outer,
    to + (start / shape.count) * bytes,
    k,
    end - start,
    step,
  ]);
}
