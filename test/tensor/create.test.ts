import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Random } from '../../src/index.js';
import {
  arange,
  bernoulli,
  eye,
  full,
  normal,
  ones,
  tensor,
  uniform,
  zeros,
} from '../../src/tensor/index.js';

describe('creation', () => {
  it('takes numbers, nested arrays and typed arrays, and copies', () => {
    expect(tensor(3).shape).toEqual([]);
    expect(
      tensor([
        [1, 2, 3],
        [4, 5, 6],
      ]).shape,
    ).toEqual([2, 3]);
    expect(tensor([]).shape).toEqual([0]);
    expect(tensor([[], []]).shape).toEqual([2, 0]);
    const source = new Float64Array([1, 2, 3, 4]);
    const t = tensor(source, { shape: [2, 2] });
    source[0] = 9;
    expect(t.dtype).toBe('float64');
    expect(t.toArray()).toEqual([
      [1, 2],
      [3, 4],
    ]);
    expect(tensor(source, { dtype: 'float32' }).dtype).toBe('float32');
  });

  it('refuses ragged rows, mixed depths and shapes that do not fit', () => {
    expect(() => tensor([[1, 2], [3]])).toThrow(
      'tensor: rows differ in length: at depth 1 one has 1 entries and the first has 2',
    );
    expect(() => tensor([1, [2]])).toThrow('rows differ in length');
    expect(() => tensor([[1], 2])).toThrow('a number stands at depth 1');
    expect(() => tensor([1, 2, 3], { shape: [2, 2] })).toThrow('needs 4 elements');
    expect(() => tensor(JSON.parse('["1"]'))).toThrow('found a string');
  });

  it('fills with one value, by default in float32', () => {
    expect(zeros([2, 0]).size).toBe(0);
    expect(ones([2]).toArray()).toEqual([1, 1]);
    expect(full([], 2.5, { dtype: 'float64' }).item()).toBe(2.5);
    expect(zeros([1]).dtype).toBe('float32');
    expect(() => zeros([2.5])).toThrow(
      'zeros: a dimension must be a non-negative integer, but the shape is [2.5]',
    );
  });

  it('counts as arange does elsewhere', () => {
    expect(arange(4).toArray()).toEqual([0, 1, 2, 3]);
    expect(arange(1, 2, 0.25).toArray()).toEqual([1, 1.25, 1.5, 1.75]);
    expect(arange(3, 0, -1).toArray()).toEqual([3, 2, 1]);
    expect(arange(3, 0).toArray()).toEqual([]);
    expect(() => arange(0, 1, 0)).toThrow('arange: needs finite bounds and a step that is not 0');
    expect(() => arange(Infinity)).toThrow('arange');
    fc.assert(
      fc.property(
        fc.integer({ min: -9, max: 9 }),
        fc.nat(20),
        fc.integer({ min: 1, max: 5 }),
        (from, n, step) => {
          expect(arange(from, from + n * step, step).size).toBe(n);
        },
      ),
    );
  });

  it('makes the identity', () => {
    expect(eye(2).toArray()).toEqual([
      [1, 0],
      [0, 1],
    ]);
    expect(eye(0).shape).toEqual([0, 0]);
  });
});

describe('random creation', () => {
  it('repeats from the same stream and seed, and only then', () => {
    const draw = (seed: number, name: string) => Array.from(normal([10], new Random(seed).stream(name)).data);
    expect(draw(1, 'epsilon')).toEqual(draw(1, 'epsilon'));
    expect(draw(1, 'epsilon')).not.toEqual(draw(2, 'epsilon'));
    expect(draw(1, 'epsilon')).not.toEqual(draw(1, 'init'));
  });

  it('keeps to its bounds, mean and probability', () => {
    const stream = new Random(3).stream('data');
    const u = uniform([5000], stream, { low: 2, high: 4 });
    expect(u.data.every((x) => x >= 2 && x < 4)).toBe(true);
    const n = normal([5000], stream, { mean: 10, std: 0.1 });
    expect(Math.abs(Array.from(n.data).reduce((sum, x) => sum + x, 0) / 5000 - 10)).toBeLessThan(0.01);
    const b = bernoulli([5000], stream, 0.25);
    expect(b.data.every((x) => x === 0 || x === 1)).toBe(true);
    expect(Math.abs(Array.from(b.data).reduce((sum, x) => sum + x, 0) / 5000 - 0.25)).toBeLessThan(0.03);
    expect(bernoulli([2], stream, tensor([0, 1])).toArray()).toEqual([0, 1]);
    expect(() => bernoulli([3], stream, tensor([0, 1]))).toThrow(
      'bernoulli: probabilities [2] do not match shape [3]',
    );
  });
});
