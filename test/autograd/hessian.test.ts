import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  add,
  exp,
  gather,
  grad,
  hessianVectorProduct,
  matmul,
  mul,
  noGrad,
  sin,
  square,
  sub,
  sum,
  tanh,
  transpose,
} from '../../src/autograd/index.js';
import { nodeOf } from '../../src/autograd/node.js';
import { allClose, maxDifference, type Tensor, tensor } from '../../src/tensor/index.js';
import { tensorOf } from '../arbitraries.js';

const vector = (...values: number[]): Tensor => tensor(values, { dtype: 'float64' });
/** The gradient of a function of one tensor. */
const d =
  (f: (x: Tensor) => Tensor) =>
  (x: Tensor): Tensor =>
    grad(f)(x)[0];
const small = fc.double({ min: -2, max: 2, noNaN: true });

/** Smooth, of 4 numbers, no derivative of it symmetric by accident. */
function bent(x: Tensor): Tensor {
  const a = gather(x, { indices: [0, 1, 2] });
  const b = gather(x, { indices: [3, 0, 2] });
  return sum(add(mul(sin(mul(a, b)), exp(mul(a, 0.3))), mul(square(a), tanh(b))));
}

const point = tensorOf([4], 'float64', small);

/** The Hessian, one row at a time, by differentiating an element of the gradient. */
const hessianRows = (f: (x: Tensor) => Tensor, x: Tensor): number[][] =>
  Array.from({ length: x.size }, (_, i) =>
    Array.from(d((t) => sum(gather(d(f)(t), { indices: [i] })))(x).data),
  );

describe('hessianVectorProduct', () => {
  it('is the Hessian, built by rows and symmetric, times the vector', () => {
    fc.assert(
      fc.property(point, point, (x, v) => {
        const rows = hessianRows(bent, x);
        rows.forEach((row, i) => {
          row.forEach((h, j) => {
            expect(Math.abs(h - rows[j][i])).toBeLessThanOrEqual(1e-10);
          });
        });
        const [hv] = hessianVectorProduct(bent, [x], [v]);
        const expected = rows.map((row) => row.reduce((total, h, j) => total + h * v.data[j], 0));
        expect(allClose(hv, vector(...expected), { relative: 1e-9, absolute: 1e-9 })).toBe(true);
      }),
      { numRuns: 30 },
    );
  });

  it('is the central difference of gradients along the vector', () => {
    const h = 1e-5;
    fc.assert(
      fc.property(point, point, (x, v) => {
        const step = mul(v, h);
        const difference = mul(sub(d(bent)(add(x, step)), d(bent)(sub(x, step))), 1 / (2 * h));
        const [hv] = hessianVectorProduct(bent, [x], [v]);
        expect(maxDifference(hv, difference)).toBeLessThanOrEqual(1e-5);
      }),
      { numRuns: 30 },
    );
  });

  it('of the quadratic form x A x is (A + A^T) v, exactly on integers', () => {
    const integers = fc.integer({ min: -9, max: 9 });
    fc.assert(
      fc.property(
        tensorOf([4, 4], 'float64', integers),
        tensorOf([4, 1], 'float64', integers),
        tensorOf([4, 1], 'float64', integers),
        (a, x, v) => {
          const form = (t: Tensor): Tensor => sum(mul(t, matmul(a, t)));
          const [hv] = hessianVectorProduct(form, [x], [v]);
          expect(maxDifference(hv, matmul(add(a, transpose(a)), v))).toBe(0);
        },
      ),
    );
  });

  it('of several inputs has their mixed terms', () => {
    const f = (x: Tensor, y: Tensor): Tensor => sum(mul(square(x), y));
    const [hx, hy] = hessianVectorProduct(f, [vector(2), vector(5)], [vector(1), vector(10)]);
    // [[2 y, 2 x], [2 x, 0]] times [1, 10].
    expect([hx.item(), hy.item()]).toEqual([10 + 40, 4]);
  });

  it('is zero for a linear function, and for an input that is not used', () => {
    const f = (x: Tensor, _y: Tensor): Tensor => sum(mul(x, 3));
    const [hx, hy] = hessianVectorProduct(f, [vector(1, 2), vector(3)], [vector(5, 6), vector(7)]);
    expect(hx.toArray()).toEqual([0, 0]);
    expect(hy.toArray()).toEqual([0]);
  });

  it('works inside noGrad', () => {
    const [h] = noGrad(() =>
      hessianVectorProduct((x: Tensor) => sum(exp(x)), [vector(0, 0)], [vector(1, 2)]),
    );
    expect(h.toArray()).toEqual([1, 2]);
    expect(nodeOf(h)).toBeNull();
  });

  it('refuses a vector of another shape', () => {
    const f = (x: Tensor): Tensor => sum(x);
    expect(() => hessianVectorProduct(f, [vector(1, 2)], [vector(1)])).toThrow(
      'hessianVectorProduct: vector 0 must have the shape of its input, [2], but got [1]',
    );
    expect(() => hessianVectorProduct(f, [vector(1, 2)], [] as never)).toThrow('but got nothing');
  });
});
