import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { registeredOps } from '../../../src/autograd/index.js';
import '../../../src/nn/bernoulli.js';
import '../../../src/vae/reparameterize.js';
import { broadcastShapes, type Shape, sizeOf } from '../../../src/tensor/shape.js';
import { Tensor } from '../../../src/tensor/tensor.js';
import type { FastKernel } from '../../../src/tensor/wasm/fast-kernel.js';
import { elementwiseKernels } from '../../../src/tensor/wasm/kernels/elementwise-ops.js';
import { allExponents, bothSigns, fromBits, SMALLEST_DENORMAL, spread } from '../math/ulp.js';
import { resultOf, runKernel } from './runtime.js';

const EDGES = [
  ...[0, -0, 1, -1, SMALLEST_DENORMAL, -SMALLEST_DENORMAL, 2 ** -126, 2 ** -127, 3.4e38, -3.4e38],
  ...[Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NaN, 89, -104, 0.625, -0.625],
];

/** Ordinary numbers, the edges of float32 and of the definitions, and any bits at all. */
const numbers = fc.oneof(
  fc.float({ min: -8, max: 8, noNaN: true }),
  fc.constantFrom(...EDGES),
  fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }).map(fromBits),
);

/** A tensor whose elements repeat a random list, in random places from a stride that visits all of it. */
const tensorOf = (shape: Shape): fc.Arbitrary<Tensor> =>
  fc.tuple(fc.array(numbers, { minLength: 1, maxLength: 97 }), fc.nat(96)).map(
    ([values, start]) =>
      new Tensor(
        Float32Array.from({ length: sizeOf(shape) }, (_, i) => values[(start + 7 * i) % values.length]),
        shape,
      ),
  );

/** Shapes of a result of at least 64 elements: any rank, rows that do not fill vectors, one row, several blocks. */
const outShapes: fc.Arbitrary<Shape> = fc.oneof(
  fc.integer({ min: 64, max: 400 }).map((n) => [n]),
  fc.tuple(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 90 })).filter(([m, n]) => m * n >= 64),
  fc.tuple(fc.integer({ min: 2, max: 4 }), fc.integer({ min: 4, max: 9 }), fc.integer({ min: 8, max: 19 })),
  fc.constantFrom<Shape>([40001], [3, 16385], [211, 317], [16384]),
);

/** Shapes of operands, of which one at least has the shape of the result. */
const operandShapes = (out: Shape, arity: number): fc.Arbitrary<Shape[]> => {
  const width = out[out.length - 1];
  const kinds = fc.constantFrom<Shape>(
    out,
    out,
    [],
    [1],
    [width],
    [1, width].slice(-Math.max(1, out.length)),
  );
  return fc
    .tuple(fc.array(kinds, { minLength: arity, maxLength: arity }), fc.nat(arity - 1))
    .map(([shapes, full]) => shapes.map((shape, i) => (i === full ? out : shape)));
};

/** Where two tensors differ in any bit, NaN counting as one value; -1 where nowhere. */
function firstDifference(a: Tensor, b: Tensor): number {
  for (let i = 0; i < a.size; i++) if (!Object.is(a.data[i], b.data[i])) return i;
  return -1;
}

const arityOf = (name: string): number => {
  const arity = opNamed(name).arity;
  if (arity === 'many') throw new Error(`${name} takes a list`);
  return arity;
};

function opNamed(name: string) {
  const op = registeredOps().find((candidate) => candidate.name === name);
  if (op === undefined) throw new Error(`no op is named '${name}'`);
  return op;
}

function expectSameBits(kernel: FastKernel, inputs: readonly Tensor[], shape: Shape): void {
  const plain = Tensor.empty(shape, 'float32');
  opNamed(kernel.op).forward(plain, inputs, undefined);
  for (const copied of [true, false]) {
    const fast = resultOf(kernel, shape, inputs, undefined, { copied });
    if (fast === null) throw new Error(`${kernel.op} declined`);
    const at = firstDifference(plain, fast);
    if (at >= 0) expect({ at, copied, value: fast.data[at] }).toEqual({ at, copied, value: plain.data[at] });
  }
}

const sameShapesOnly = new Set(['bernoulliNll']);

describe.each(elementwiseKernels)('fast $op', (kernel) => {
  const arity = arityOf(kernel.op);

  it('gives the bits of the plain kernel', () => {
    const cases = outShapes.chain((out) =>
      (sameShapesOnly.has(kernel.op)
        ? fc.constant(Array.from({ length: arity }, () => out))
        : operandShapes(out, arity)
      ).chain((shapes) => fc.tuple(fc.tuple(...shapes.map(tensorOf)), fc.constant(out))),
    );
    fc.assert(fc.property(cases, ([inputs, out]) => expectSameBits(kernel, inputs, out)));
  });

  it('gives the bits of the plain kernel for every pair of edge values', () => {
    const n = EDGES.length;
    const shape = [n, n, 2];
    const pick = (index: (i: number) => number): Tensor =>
      new Tensor(
        Float32Array.from({ length: 2 * n * n }, (_, i) => EDGES[index(i) % n]),
        shape,
      );
    const operands = [pick((i) => i), pick((i) => Math.floor(i / n)), pick((i) => 5 * i + 3)];
    expectSameBits(kernel, operands.slice(0, arity), shape);
  });

  it('declines small tensors and other shapes, and leaves the result alone', () => {
    const declines = (shapes: readonly Shape[]): void => {
      const out = Tensor.empty(
        shapes.reduce((a, b) => broadcastShapes(a, b, 'test')),
        'float32',
      );
      out.data.fill(7);
      const inputs = shapes.map((shape) => Tensor.empty(shape, 'float32'));
      expect(runKernel(kernel, out, inputs, undefined)).toBe(false);
      expect(out.data.every((v) => v === 7)).toBe(true);
    };
    const all = (first: Shape, rest: Shape = first): Shape[] =>
      Array.from({ length: arity }, (_, i) => (i === 0 ? first : rest));
    declines(all([63]));
    declines(all([0, 100]));
    if (arity === 1) return;
    declines(all([20, 1], [20, 10]));
    declines(all([4, 1, 10], [4, 5, 10]));
    declines(all([5, 10], [4, 5, 10]));
  });
});

describe.each(['exp', 'log', 'tanh', 'sigmoid', 'softplus'])('fast %s', (name) => {
  const kernel = elementwiseKernels.find(({ op }) => op === name);

  it.each([
    ['at all exponents', allExponents(200_000)],
    ['where it is neither 0 nor saturated', bothSigns(spread(2 ** -14, 110, 100_000))],
  ])('gives the bits of the plain kernel %s', (_, values) => {
    if (kernel === undefined) throw new Error(`no kernel for ${name}`);
    expectSameBits(kernel, [new Tensor(values, [values.length])], [values.length]);
  });
});
