import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  broadcastShapes,
  broadcastStrides,
  checkShape,
  normalizeAxes,
  normalizeAxis,
  reducedShape,
  sizeOf,
  stridesOf,
} from '../../src/tensor/shape.js';
import { broadcastPair, shapes } from '../arbitraries.js';

describe('sizes and strides', () => {
  it('of a scalar are 1 and none', () => {
    expect(sizeOf([])).toBe(1);
    expect(stridesOf([])).toEqual([]);
  });

  it('reach every element once, in order', () => {
    fc.assert(
      fc.property(shapes(), (shape) => {
        const strides = stridesOf(shape);
        let index = new Array<number>(shape.length).fill(0);
        for (let at = 0; at < sizeOf(shape); at++) {
          expect(index.reduce((sum, i, d) => sum + i * strides[d], 0)).toBe(at);
          index = index.slice();
          for (let d = shape.length - 1; d >= 0; d--) {
            if (++index[d] < shape[d]) break;
            index[d] = 0;
          }
        }
      }),
    );
  });

  it('are refused for dimensions that are no sizes', () => {
    expect(() => checkShape([2, -1], 'zeros')).toThrow(
      'zeros: a dimension must be a non-negative integer, but the shape is [2, -1]',
    );
    expect(() => checkShape([1.5], 'zeros')).toThrow('[1.5]');
    expect(() => checkShape([Number.NaN], 'zeros')).toThrow();
  });
});

describe('broadcasting', () => {
  it('gives the shape both stretch to, whichever comes first', () => {
    fc.assert(
      fc.property(broadcastPair, ({ a, b, out }) => {
        expect(broadcastShapes(a, b, 'add')).toEqual(out);
        expect(broadcastShapes(b, a, 'add')).toEqual(out);
      }),
    );
  });

  it('is associative where it is defined', () => {
    fc.assert(
      fc.property(broadcastPair, ({ a, b, out }) => {
        expect(broadcastShapes(out, a, 'add')).toEqual(out);
        expect(broadcastShapes(b, out, 'add')).toEqual(out);
      }),
    );
  });

  it("follows NumPy's documented examples", () => {
    expect(broadcastShapes([256, 256, 3], [3], 'mul')).toEqual([256, 256, 3]);
    expect(broadcastShapes([8, 1, 6, 1], [7, 1, 5], 'mul')).toEqual([8, 7, 6, 5]);
    expect(broadcastShapes([15, 3, 5], [15, 1, 5], 'mul')).toEqual([15, 3, 5]);
    expect(broadcastShapes([0, 3], [1, 1], 'mul')).toEqual([0, 3]);
  });

  it('names op, shapes, dimension and rule when it fails', () => {
    expect(() => broadcastShapes([2, 3], [4, 3], 'mul')).toThrow(
      'mul: [2, 3] and [4, 3] do not broadcast: dimension -2 is 2 on the left and 4 on the right; sizes must be equal, or one of them 1',
    );
    expect(() => broadcastShapes([0], [3], 'mul')).toThrow('dimension -1 is 0');
  });

  it('walks stretched dimensions with stride 0', () => {
    expect(broadcastStrides([3, 1], [2, 3, 4])).toEqual([0, 1, 0]);
    expect(broadcastStrides([], [2, 2])).toEqual([0, 0]);
  });
});

describe('axes', () => {
  it('count from the end when negative', () => {
    expect(normalizeAxis(-1, 3, 'sum')).toBe(2);
    expect(normalizeAxes([-1, 0], 3, 'sum')).toEqual([0, 2]);
    expect(normalizeAxes(undefined, 2, 'sum')).toEqual([0, 1]);
    expect(normalizeAxes(1, 2, 'sum')).toEqual([1]);
  });

  it('are refused out of range, in fractions and twice', () => {
    expect(() => normalizeAxis(3, 3, 'sum')).toThrow(
      'sum: axis 3 is out of range for rank 3; axes run from -3 to 2',
    );
    expect(() => normalizeAxis(0, 0, 'sum')).toThrow('a scalar has no axes');
    expect(() => normalizeAxis(0.5, 2, 'sum')).toThrow('axis 0.5');
    expect(() => normalizeAxes([0, -2], 2, 'sum')).toThrow('sum: axis 0 is given twice in [0, -2]');
  });

  it('leave the shape that a reduction has', () => {
    expect(reducedShape([2, 3, 4], [0, 2], false)).toEqual([3]);
    expect(reducedShape([2, 3, 4], [0, 2], true)).toEqual([1, 3, 1]);
  });
});
