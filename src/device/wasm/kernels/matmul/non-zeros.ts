import * as i32 from '../../assembler/i32.js';
import { advance, countUp } from '../../assembler/index.js';
import { kernelCode } from '../../kernel-code.js';
import type { Runtime } from '../../runtime.js';
import { FLOAT } from '../../sizes.js';
import type { Strided } from './pack.js';

/** An entry of a list: where the factor's partners begin within a panel, in bytes; the factor. */
export const ENTRY = 8;

/** For each row a list of its numbers that are not zero, in order, and the list's end. */
const gatherCode = kernelCode(
  'gatherNonZeros',
  9,
  ([from, inner, outer, k, rows, partner, lists, listStep, ends], locals) => {
    const [row, at, to, bits, offset, count] = locals.array('i32', 6);
    return [
      countUp(
        [row, rows, 1],
        at.set(from),
        to.set(lists),
        offset.set(0),
        count.set(0),
        countUp(
          [count, k, 1],
          // Every number is written, and the next one over it if it was a zero: nothing to be guessed wrong.
          bits.set(i32.load(at)),
          i32.store(to, offset),
          i32.store(to, bits, FLOAT),
          // Zeros of both signs have no bits but the sign's.
          advance(to, i32.shl(i32.ne(i32.shl(bits, 1), 0), 3)),
          advance(offset, partner),
          advance(at, inner),
        ),
        i32.store(ends, to),
        advance(ends, FLOAT),
        advance(lists, listStep),
        advance(from, outer),
      ),
    ];
  },
);

/** The numbers of a matrix that are not zero. */
export interface NonZeros {
  /** Address of the first row's list, and bytes from list to list. */
  readonly lists: number;
  readonly listStep: number;
  /** Address of the ends of the lists. */
  readonly ends: number;
}

/**
 * Gathers them for `rows` rows of `k` numbers each, in scratch space.
 * @param partner bytes from one partner of a factor to the next, in a panel of the other operand
 */
export function gatherNonZeros(
  runtime: Runtime,
  { address, inner, outer }: Strided,
  { rows, k, partner }: { readonly rows: number; readonly k: number; readonly partner: number },
): NonZeros {
  // Room for one entry more: the last zero of a row is written too.
  const listStep = (k + 1) * ENTRY;
  const lists = runtime.reserve((rows * listStep) / FLOAT);
  const ends = runtime.reserve(rows);
  runtime.split(gatherCode, rows, 16, rows * k, (kernel, start, end) =>
    kernel(
      address + start * outer,
      inner,
      outer,
      k,
      end - start,
      partner,
      lists + start * listStep,
      listStep,
      ends + start * FLOAT,
    ),
  );
  return { lists, listStep, ends };
}
