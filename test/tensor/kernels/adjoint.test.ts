import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  broadcastTo,
  gather,
  matmul,
  reshape,
  scatterAdd,
  slice,
  sum,
  transpose,
  unslice,
} from '../../../src/autograd/index.js';
import type { Shape, Tensor } from '../../../src/tensor/index.js';
import { broadcastPair, shapes, tensorOf } from '../../arbitraries.js';
import { dot, integers } from './naive.js';

/** <A x, y> = <x, A' y> for a linear A from one shape to another; exact, since elements are small integers. */
function expectAdjoint(
  from: Shape,
  to: Shape,
  forward: (x: Tensor) => Tensor,
  backward: (y: Tensor) => Tensor,
): fc.IRawProperty<[Tensor, Tensor]> {
  return fc.property(tensorOf(from, 'float32', integers), tensorOf(to, 'float32', integers), (x, y) => {
    expect(dot(forward(x), y)).toBe(dot(x, backward(y)));
  });
}

const few = { numRuns: 5 };

describe('adjoint pairs', () => {
  it('transpose and the inverse permutation', () => {
    const permuted = shapes().chain((shape) =>
      fc.tuple(
        fc.constant(shape),
        fc.shuffledSubarray(
          shape.map((_, d) => d),
          { minLength: shape.length, maxLength: shape.length },
        ),
      ),
    );
    fc.assert(
      fc.property(permuted, ([shape, axes]) => {
        const to = axes.map((axis) => shape[axis]);
        const inverse = axes.map((_, d) => axes.indexOf(d));
        const laws = expectAdjoint(
          shape,
          to,
          (x) => transpose(x, { axes }),
          (y) => transpose(y, { axes: inverse }),
        );
        fc.assert(laws, few);
      }),
      { numRuns: 40 },
    );
  });

  it('broadcastTo and the sum over what was stretched', () => {
    fc.assert(
      fc.property(broadcastPair, ({ a, out }) => {
        const lead = out.length - a.length;
        const axes = out.map((_, d) => d).filter((d) => d < lead || (a[d - lead] === 1 && out[d] !== 1));
        const laws = expectAdjoint(
          a,
          out,
          (x) => broadcastTo(x, { shape: out }),
          (y) => reshape(sum(y, { axes, keepDims: true }), { shape: a }),
        );
        fc.assert(laws, few);
      }),
      { numRuns: 40 },
    );
  });

  it('slice and unslice', () => {
    const shape = [5, 4];
    const start = [1, 0];
    const step = [2, 3];
    const laws = expectAdjoint(
      shape,
      [2, 2],
      (x) => slice(x, { start, step }),
      (y) => unslice(y, { shape, start, step }),
    );
    fc.assert(laws);
  });

  it('gather and scatterAdd, with indices that repeat', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 3 }), { maxLength: 6 }), (indices) => {
        const laws = expectAdjoint(
          [2, 4, 3],
          [2, indices.length, 3],
          (x) => gather(x, { indices, axis: 1 }),
          (y) => scatterAdd(y, { indices, axis: 1, size: 4 }),
        );
        fc.assert(laws, few);
      }),
      { numRuns: 40 },
    );
  });

  it('a product from the left and from the right with the transposed matrix', () => {
    fc.assert(
      fc.property(
        tensorOf([4, 3], 'float32', integers),
        fc.boolean(),
        fc.boolean(),
        (matrix, transposeA, onTheLeft) => {
          const [rows, columns] = transposeA ? [3, 4] : [4, 3];
          const left = expectAdjoint(
            [columns, 2],
            [rows, 2],
            (x) => matmul(matrix, x, { transposeA }),
            (y) => matmul(matrix, y, { transposeA: !transposeA }),
          );
          const right = expectAdjoint(
            [2, rows],
            [2, columns],
            (x) => matmul(x, matrix, { transposeB: transposeA }),
            (y) => matmul(y, matrix, { transposeB: !transposeA }),
          );
          fc.assert(onTheLeft ? left : right, few);
        },
      ),
      { numRuns: 40 },
    );
  });
});
