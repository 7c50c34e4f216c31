import fc from 'fast-check';
import type { Dimension, DomainCase, Sizes } from '../autograd/domain.js';
import type { Arity } from '../autograd/op.js';
import type { Shape } from '../tensor/shape.js';

/** A shape for each input, and the sizes of the named dimensions. */
export interface DrawnShapes {
  readonly shapes: readonly Shape[];
  readonly sizes: Sizes;
}

const HIGHEST_RANK = 3;
const LARGEST = 4;

/** 1 to 4, and sometimes 0. */
const anySize = fc.oneof(
  { arbitrary: fc.integer({ min: 1, max: LARGEST }), weight: 12 },
  { arbitrary: fc.constant(0), weight: 1 },
);

const anyShape = fc.array(anySize, { maxLength: HIGHEST_RANK });

/** How one input is smaller than what it is broadcast to: leading dimensions left out, others of size 1. */
const stretching = fc.oneof(
  { arbitrary: fc.constant({ leave: 0, ones: [false, false, false] }), weight: 1 },
  {
    arbitrary: fc.record({
      leave: fc.nat(HIGHEST_RANK),
      ones: fc.array(fc.boolean(), { minLength: HIGHEST_RANK, maxLength: HIGHEST_RANK }),
    }),
    weight: 1,
  },
);

function broadcastShapes(count: number): fc.Arbitrary<DrawnShapes> {
  const smaller = fc.array(stretching, { minLength: count, maxLength: count });
  return fc.tuple(anyShape, smaller).map(([full, changes]) => ({
    shapes: changes.map(({ leave, ones }) => full.map((n, d) => (ones[d] ? 1 : n)).slice(leave)),
    sizes: {},
  }));
}

function namedShapes(dimensions: readonly (readonly Dimension[])[]): fc.Arbitrary<DrawnShapes> {
  const names = [...new Set(dimensions.flat())].filter((d) => typeof d === 'string');
  // Smaller sizes where there are many, to keep the number of elements down.
  const size = fc.integer({ min: 1, max: names.length > 3 ? LARGEST - 1 : LARGEST });
  return fc.record(Object.fromEntries(names.map((name) => [name, size]))).map((sizes) => ({
    shapes: dimensions.map((list) => list.map((d) => (typeof d === 'number' ? d : sizes[d]))),
    sizes,
  }));
}

/**
 * Shapes for one case of a domain. 'any' and 'broadcast' shapes have rank 0 to 3 and sizes 0 to 4, named
 * dimensions 1 to 4; an op of 'many' inputs gets one to three of them unless its shapes are listed.
 * @throws RangeError when the case lists shapes for another number of inputs than the op has.
 */
export function shapesOf(
  name: string,
  arity: Arity,
  { shapes }: Pick<DomainCase<unknown>, 'shapes'>,
): fc.Arbitrary<DrawnShapes> {
  if (shapes !== 'any' && shapes !== 'broadcast') {
    if (arity !== 'many' && shapes.length !== arity) {
      throw new RangeError(
        `domain of '${name}': a case lists ${shapes.length} shapes, but the op takes ${arity} inputs`,
      );
    }
    return namedShapes(shapes);
  }
  const count = arity === 'many' ? fc.integer({ min: 1, max: 3 }) : fc.constant(arity);
  return count.chain((n) =>
    shapes === 'broadcast'
      ? broadcastShapes(n)
      : anyShape.map((shape) => ({ shapes: Array.from({ length: n }, () => shape), sizes: {} })),
  );
}
