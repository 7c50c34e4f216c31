import fc from 'fast-check';
import { expect } from 'vitest';
import { registeredOps } from '../../../src/autograd/index.js';
import '../../../src/nn/index.js';
import { type Shape, sizeOf } from '../../../src/tensor/shape.js';
import { Tensor } from '../../../src/tensor/tensor.js';
import '../../../src/vae/index.js';
import { fromBits, SMALLEST_DENORMAL } from '../../tensor/math/ulp.js';

/** Numbers at the edges of float32, and of the definitions. */
export const EDGES = [
  ...[0, -0, 1, -1, SMALLEST_DENORMAL, -SMALLEST_DENORMAL, 2 ** -126, 2 ** -127, 3.4e38, -3.4e38],
  ...[Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NaN, 89, -104, 0.625, -0.625],
  ...[0.5, -0.5, 10, -10, -0.29, 0.41, 90, -105],
].map(Math.fround);

/** Ordinary numbers, the edges, and any bits at all. */
const numbers = fc.oneof(
  fc.float({ min: -8, max: 8, noNaN: true }),
  fc.constantFrom(...EDGES),
  fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }).map(fromBits),
);

/** A tensor whose elements repeat a random list, in random places from a stride that visits all of it. */
export const tensorOf = (shape: Shape): fc.Arbitrary<Tensor> =>
  fc.tuple(fc.array(numbers, { minLength: 1, maxLength: 97 }), fc.nat(96)).map(
    ([values, start]) =>
      new Tensor(
        Float32Array.from({ length: sizeOf(shape) }, (_, i) => values[(start + 7 * i) % values.length]),
        shape,
      ),
  );

/** Shapes of a result of at least `least` elements: any rank, rows that do not fill vectors, one row, several blocks. */
export const outShapes = (least: number): fc.Arbitrary<Shape> =>
  fc
    .oneof(
      fc.integer({ min: least, max: least + 340 }).map((n) => [n]),
      fc.tuple(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 90 })),
      fc.tuple(
        fc.integer({ min: 2, max: 4 }),
        fc.integer({ min: 4, max: 9 }),
        fc.integer({ min: 8, max: 19 }),
      ),
      fc.constantFrom<Shape>([40001], [3, 16385], [211, 317], [16384]),
    )
    .filter((shape) => sizeOf(shape) >= least);

/** Shapes of operands, of which one at least has the shape of the result: scalars, rows, columns, any that broadcasts. */
export const operandShapes = (out: Shape, arity: number): fc.Arbitrary<Shape[]> => {
  const width = out[out.length - 1];
  const kinds = fc.constantFrom<Shape>(
    out,
    out,
    [],
    [1],
    [width],
    [1, width].slice(-Math.max(1, out.length)),
    out.map((n, d) => (d === out.length - 1 ? 1 : n)),
    out.map((n, d) => (d === out.length - 2 ? 1 : n)),
    out.map((n, d) => (d === 0 ? 1 : n)),
    out.slice(1),
  );
  return fc
    .tuple(fc.array(kinds, { minLength: arity, maxLength: arity }), fc.nat(arity - 1))
    .map(([shapes, full]) => shapes.map((shape, i) => (i === full ? out : shape)));
};

/** Tensors of shapes that make a result of the shape beside them; all of its shape, if that is asked for. */
export const operands = (arity: number, least: number, same = false): fc.Arbitrary<[Tensor[], Shape]> =>
  outShapes(least).chain((out) =>
    (same ? fc.constant(Array.from({ length: arity }, () => out)) : operandShapes(out, arity)).chain(
      (shapes) => fc.tuple(fc.tuple(...shapes.map(tensorOf)), fc.constant(out)),
    ),
  );

/** Fails where two tensors differ in any bit, NaN counting as one value. */
export function expectBits(actual: Tensor, expected: Tensor, context: object): void {
  for (let at = 0; at < expected.size; at++) {
    if (Object.is(actual.data[at], expected.data[at])) continue;
    expect({ at, ...context, value: actual.data[at] }).toEqual({ at, ...context, value: expected.data[at] });
  }
}

export function opNamed(name: string) {
  const op = registeredOps().find((candidate) => candidate.name === name);
  if (op === undefined) throw new Error(`no op is named '${name}'`);
  return op;
}

export const arityOf = (name: string): number => {
  const { arity } = opNamed(name);
  if (arity === 'many') throw new Error(`${name} takes a list`);
  return arity;
};
