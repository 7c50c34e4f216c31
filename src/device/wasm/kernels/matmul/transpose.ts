import type { Local, Locals, Statement, V128 } from '../../assembler/index.js';
import * as v128 from '../../assembler/v128.js';

/** Transposes a square of four vectors of four floats; the result can be read once the statements have run. */
export function transpose4(
  [a, b, c, d]: readonly Local<'v128'>[],
  locals: Locals,
): { readonly statements: readonly Statement[]; readonly result: readonly V128[] } {
  const [low, high, nextLow, nextHigh] = locals.array('v128', 4);
  const [first, second] = [
    (x: Local<'v128'>, y: Local<'v128'>) => v128.shuffle(x, y, [0, 1, 4, 5]),
    (x: Local<'v128'>, y: Local<'v128'>) => v128.shuffle(x, y, [2, 3, 6, 7]),
  ];
  return {
    // a0 b0 a1 b1, a2 b2 a3 b3, and the same of c and d.
    statements: [
      low.set(v128.shuffle(a, b, [0, 4, 1, 5])),
      high.set(v128.shuffle(a, b, [2, 6, 3, 7])),
      nextLow.set(v128.shuffle(c, d, [0, 4, 1, 5])),
      nextHigh.set(v128.shuffle(c, d, [2, 6, 3, 7])),
    ],
    result: [first(low, nextLow), second(low, nextLow), first(high, nextHigh), second(high, nextHigh)],
  };
}
