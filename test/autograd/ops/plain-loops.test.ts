import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Op } from '../../../src/autograd/op.js';
import * as ops from '../../../src/autograd/ops/index.js';
import { type Kernel, Tensor } from '../../../src/tensor/index.js';
import { stretchInto } from '../../../src/tensor/kernels/strided.js';
import { broadcastPair, dtypes, shapes, tensorOf } from '../../arbitraries.js';
import { anyNumber, build, elementAt, expectSame, integers, rounding } from '../../tensor/kernels/naive.js';

/** The plain kernel of an op. */
const plain =
  ({ op }: { readonly op: Op }): Kernel =>
  (out, inputs) =>
    op.forward(out, inputs, undefined);

const run = (kernel: Kernel, inputs: readonly Tensor[], shape: readonly number[]): Tensor => {
  const out = Tensor.empty(shape, inputs[0].dtype);
  kernel(out, inputs, undefined);
  return out;
};

/** Ties are common among small integers, every special value among the others. */
const element = fc.oneof(integers, anyNumber);

const unary: readonly [string, Kernel, (x: number) => number][] = [
  ['neg', plain(ops.neg), (x) => -x],
  ['square', plain(ops.square), (x) => x * x],
  ['sqrt', plain(ops.sqrt), Math.sqrt],
  ['relu', plain(ops.relu), (x) => Math.max(x, 0)],
];

const binary: readonly [string, Kernel, (a: number, b: number) => number][] = [
  ['add', plain(ops.add), (a, b) => a + b],
  ['sub', plain(ops.sub), (a, b) => a - b],
  ['mul', plain(ops.mul), (a, b) => a * b],
  ['div', plain(ops.div), (a, b) => a / b],
  ['maximum', plain(ops.maximum), Math.max],
  ['minimum', plain(ops.minimum), Math.min],
  ['greater', plain(ops.greater), (a, b) => (a > b ? 1 : 0)],
  ['greaterEqual', plain(ops.greaterEqual), (a, b) => (a >= b ? 1 : 0)],
];

describe('kernels with a loop of their own give the formula, rounded once', () => {
  it.each(unary)('%s', (_, kernel, f) => {
    fc.assert(
      fc.property(
        fc.tuple(shapes(), dtypes).chain(([shape, dtype]) => tensorOf(shape, dtype, element)),
        (x) => {
          const round = rounding(x.dtype);
          expectSame(
            run(kernel, [x], x.shape),
            build(x.shape, x.dtype, (i) => round(f(elementAt(x, i)))),
          );
        },
      ),
    );
  });

  it.each(binary)('%s, for every way of broadcasting', (_, kernel, f) => {
    const operands = fc
      .tuple(dtypes, broadcastPair)
      .chain(([dtype, { a, b, out }]) =>
        fc.tuple(tensorOf(a, dtype, element), tensorOf(b, dtype, element), fc.constant(out)),
      );
    fc.assert(
      fc.property(operands, ([a, b, shape]) => {
        const round = rounding(a.dtype);
        expectSame(
          run(kernel, [a, b], shape),
          build(shape, a.dtype, (i) => round(f(elementAt(a, i), elementAt(b, i)))),
        );
      }),
      { numRuns: 200 },
    );
  });

  it('where', () => {
    const operands = fc
      .tuple(dtypes, broadcastPair)
      .chain(([dtype, { a, b, out }]) =>
        fc.tuple(
          tensorOf(a, dtype, fc.constantFrom(0, -0, 1, -2, Number.NaN)),
          tensorOf(b, dtype, element),
          tensorOf(out, dtype, element),
        ),
      );
    fc.assert(
      fc.property(operands, ([condition, a, b]) => {
        expectSame(
          run(plain(ops.where), [condition, a, b], b.shape),
          build(b.shape, b.dtype, (i) => (elementAt(condition, i) !== 0 ? elementAt(a, i) : elementAt(b, i))),
        );
      }),
      { numRuns: 200 },
    );
  });
});

describe('stretching', () => {
  it('goes along inner dimensions together, and turns where one repeats', () => {
    for (const [own, shape] of [
      [
        [2, 1, 3, 1],
        [2, 4, 3, 5],
      ],
      [[3], [2, 1, 3]],
      [
        [2, 1, 1],
        [2, 3, 1],
      ],
      [
        [1, 1, 4],
        [3, 1, 4],
      ],
      [
        [2, 3, 1, 1],
        [2, 3, 1, 4],
      ],
    ]) {
      const x = build(own, 'float64', (i) => i.reduce((code, n) => 10 * code + n, 1));
      const y = Tensor.empty(shape, 'float64');
      stretchInto(y.data, shape, x);
      expectSame(
        y,
        build(shape, 'float64', (i) => elementAt(x, i)),
      );
    }
  });

  it('leaves the operands of an op alone', () => {
    const a = build([3, 1], 'float32', ([i]) => i);
    const b = build([2], 'float32', ([i]) => 10 * i);
    expect([...run(plain(ops.add), [a, b], [3, 2]).data]).toEqual([0, 10, 1, 11, 2, 12]);
    expect([...a.data, ...b.data]).toEqual([0, 1, 2, 0, 10]);
  });
});
