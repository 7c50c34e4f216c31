import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { allClose, equal, maxDifference, Tensor, tensor } from '../../src/tensor/index.js';
import { dtypes, finite, shapes, tensorOf, tensors } from '../arbitraries.js';

describe('Tensor', () => {
  it('needs as many elements as its shape says', () => {
    expect(() => new Tensor(new Float32Array(5), [2, 3])).toThrow(
      'Tensor: shape [2, 3] needs 6 elements, but the data has 5',
    );
    expect(() => new Tensor(new Float32Array(1), [-1])).toThrow('non-negative');
    expect(new Tensor(new Float64Array(0), [0, 3]).dtype).toBe('float64');
  });

  it('comes back from nested arrays unchanged, empty and scalar shapes included', () => {
    fc.assert(
      fc.property(tensors(), (t) => {
        const again = tensor(t.toArray(), { dtype: 'float64' });
        // A shape such as [0, 3] is written [] and cannot say what its inner sizes were.
        const inner = t.shape.indexOf(0);
        expect(again.shape).toEqual(inner < 0 ? t.shape : t.shape.slice(0, inner + 1));
        expect(Array.from(again.data)).toEqual(Array.from(t.data));
      }),
    );
  });

  it('reads one element by index, from either end', () => {
    fc.assert(
      fc.property(
        shapes()
          .filter((s) => !s.includes(0))
          .chain((s) => fc.tuple(tensorOf(s), fc.tuple(...s.map((n) => fc.nat(n - 1))))),
        ([t, index]) => {
          const nested = index.reduce<unknown>((level, i) => (level as unknown[])[i], t.toArray());
          expect(t.at(...index)).toBe(nested);
          expect(t.at(...index.map((i, d) => i - t.shape[d]))).toBe(nested);
        },
      ),
    );
  });

  it('refuses indices that do not fit', () => {
    const t = tensor([
      [1, 2],
      [3, 4],
    ]);
    expect(() => t.at(0)).toThrow('at: shape [2, 2] takes 2 indices, but got 1');
    expect(() => t.at(0, 2)).toThrow('at: index 2 is out of range for dimension 1 of size 2');
    expect(() => t.at(0, 0.5)).toThrow('index 0.5');
    expect(() => t.item()).toThrow('item: a tensor of shape [2, 2] has 4 elements, not 1');
    expect(tensor([[7]]).item()).toBe(7);
  });

  it('converts between dtypes by rounding, and copies', () => {
    fc.assert(
      fc.property(dtypes, fc.array(finite), (dtype, values) => {
        const t = tensor(values, { dtype });
        expect(Array.from(t.to('float32').data)).toEqual(Array.from(t.data, Math.fround));
        const copy = t.clone();
        expect(equal(copy, t)).toBe(true);
        expect(copy.data).not.toBe(t.data);
      }),
    );
  });
});

describe('equality and closeness', () => {
  it('hold for a tensor and itself, NaN included', () => {
    fc.assert(
      fc.property(
        shapes(3).chain((s) => tensorOf(s, 'float64', fc.double())),
        (t) => {
          expect(equal(t, t.clone())).toBe(true);
          expect(allClose(t, t.clone())).toBe(true);
          expect(maxDifference(t, t.clone())).toBe(0);
        },
      ),
    );
  });

  it('tell shape, dtype, sign of zero and the last bit apart', () => {
    expect(equal(tensor([1, 2]), tensor([[1, 2]]))).toBe(false);
    expect(equal(tensor([1]), tensor([1], { dtype: 'float64' }))).toBe(false);
    expect(equal(tensor([0]), tensor([-0]))).toBe(false);
    expect(equal(tensor([1]), tensor([1 + 2 ** -23]))).toBe(false);
  });

  it('follow the allclose formula, with infinities close only to themselves', () => {
    const at = (x: number) => tensor([x], { dtype: 'float64' });
    expect(allClose(at(1.001), at(1), { relative: 1.1e-3, absolute: 0 })).toBe(true);
    expect(allClose(at(1.001), at(1), { relative: 0.9e-3, absolute: 0 })).toBe(false);
    expect(allClose(at(1e-9), at(0))).toBe(true);
    expect(allClose(at(Infinity), at(Infinity))).toBe(true);
    expect(allClose(at(1), at(Infinity))).toBe(false);
    expect(allClose(at(Infinity), at(1))).toBe(false);
    expect(allClose(at(Number.NaN), at(1))).toBe(false);
    expect(allClose(at(1), tensor([[1]]))).toBe(false);
    expect(maxDifference(at(1), at(Number.NaN))).toBeNaN();
    expect(maxDifference(tensor([1, 5]), tensor([2, 2]))).toBe(3);
  });
});
