import type { Local, Locals, Statement, V128 } from '../../assembler/index.js';
import * as v128 from '../../assembler/v128.js';
import { type Bind, binder } from '../vector-loop.js';

type Square<T> = readonly [T, T, T, T];

/** A square of four vectors of four lanes, transposed: lane b of vector k becomes lane k of vector b. */
export function transposed(bind: Bind, [a, b, c, d]: Square<V128>): Square<V128> {
  const pairs = (x: V128, y: V128) => [
    bind(v128.shuffle(x, y, [0, 4, 1, 5])),
    bind(v128.shuffle(x, y, [2, 6, 3, 7])),
  ];
  const [low, high] = pairs(a, b);
  const [nextLow, nextHigh] = pairs(c, d);
  return [
    v128.shuffle(low, nextLow, [0, 1, 4, 5]),
    v128.shuffle(low, nextLow, [2, 3, 6, 7]),
    v128.shuffle(high, nextHigh, [0, 1, 4, 5]),
    v128.shuffle(high, nextHigh, [2, 3, 6, 7]),
  ];
}

/** The same of variables; the result can be read once the statements have run. */
export function transpose4(
  [a, b, c, d]: readonly Local<'v128'>[],
  locals: Locals,
): { readonly statements: readonly Statement[]; readonly result: readonly V128[] } {
  const statements: Statement[] = [];
  return { statements, result: transposed(binder(locals, statements), [a, b, c, d]) };
}
