import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { arange, ones, Tensor, tensor, zeros } from '../../src/tensor/index.js';

describe('printing', () => {
  it('shows dtype, shape and aligned elements', () => {
    expect(
      String(
        tensor([
          [1, 2.5],
          [-3, 4],
        ]),
      ),
    ).toBe('float32 [2, 2]\n[[  1, 2.5],\n [ -3,   4]]');
    expect(String(tensor(2, { dtype: 'float64' }))).toBe('float64 [] 2');
    expect(String(zeros([2, 0]))).toBe('float32 [2, 0] (empty)');
  });

  it('shows a label, and is what console.log shows', () => {
    expect(inspect(tensor([1]).named('z'))).toBe('z: float32 [1]\n[1]');
  });

  it('shortens long dimensions to both ends', () => {
    expect(String(arange(1000))).toBe('float32 [1000]\n[  0,   1,   2, ..., 997, 998, 999]');
    const lines = String(ones([100, 100])).split('\n');
    expect(lines).toHaveLength(8);
    expect(lines[4]).toBe(' ...,');
    expect(String(zeros([1000, 784])).length).toBeLessThan(500);
  });

  it('separates matrices of a higher rank by an empty line', () => {
    const t = new Tensor(Float32Array.of(1, 2, 3, 4), [2, 1, 2]);
    expect(String(t)).toBe('float32 [2, 1, 2]\n[[[1, 2]],\n\n [[3, 4]]]');
  });

  it('writes extremes readably', () => {
    expect(
      String(tensor([Number.NaN, Infinity, -Infinity, -0, 1e-30, 123456.789], { dtype: 'float64' })),
    ).toBe('float64 [6]\n[   nan,    inf,   -inf,     -0,  1e-30, 123460]');
  });
});
