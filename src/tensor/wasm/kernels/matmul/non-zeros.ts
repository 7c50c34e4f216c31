import { countUp, i32 } from '../../assembler/index.js';
import { kernelCode } from '../../kernel-code.js';
import type { Runtime } from '../../runtime.js';
import type { Strided } from './pack.js';

const FLOAT = 4;
/** An entry of a list: where the factor's partners begin within a panel, in bytes; the factor. */
export const ENTRY = 8;

/** For each row a list of its numbers that are not zero, in order, and the list's end. */
const gatherCode = kernelCode({
  name: 'gatherNonZeros',
  parameters: {
    from: 'i32',
    inner: 'i32',
    outer: 'i32',
    k: 'i32',
    rows: 'i32',
    partner: 'i32',
    lists: 'i32',
    listStep: 'i32',
    ends: 'i32',
  },
  body: (p, locals) => {
    const [row, at, to, bits, offset, count] = locals.array('i32', 6);
    return [
      countUp(
        row,
        p.rows.get,
        1,
        at.set(p.from.get),
        to.set(p.lists.get),
        offset.set(i32.const(0)),
        count.set(i32.const(0)),
        countUp(
          count,
          p.k.get,
          1,
          // Every number is written, and the next one over it if it was a zero: nothing to be guessed wrong.
          bits.set(i32.load(at.get)),
          i32.store(to.get, offset.get),
          i32.store(to.get, bits.get, FLOAT),
          // Zeros of both signs have no bits but the sign's.
          to.set(
            i32.add(to.get, i32.shl(i32.ne(i32.shl(bits.get, i32.const(1)), i32.const(0)), i32.const(3))),
          ),
          offset.set(i32.add(offset.get, p.partner.get)),
          at.set(i32.add(at.get, p.inner.get)),
        ),
        i32.store(p.ends.get, to.get),
        p.ends.set(i32.add(p.ends.get, i32.const(FLOAT))),
        p.lists.set(i32.add(p.lists.get, p.listStep.get)),
        p.from.set(i32.add(p.from.get, p.outer.get)),
      ),
    ];
  },
});

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
  runtime.split(gatherCode, rows, 16, rows * k, (start, end) => [
    address + start * outer,
    inner,
    outer,
    k,
    end - start,
    partner,
    lists + start * listStep,
    listStep,
    ends + start * FLOAT,
  ]);
  return { lists, listStep, ends };
}
