import { describe, expect, it } from 'vitest';
import { mul, relu, sum, tanh, variable } from '../../src/autograd/index.js';
import { tensor } from '../../src/tensor/create.js';
import type { Tensor } from '../../src/tensor/tensor.js';
import { kinkDistance, kinksCrossed } from '../../src/vae/kink-distance.js';

const at = (values: readonly number[]): Tensor => variable(tensor([...values], { dtype: 'float64' }));
const bent = (x: Tensor): Tensor => sum(relu(mul(relu(x), 2)));

describe('kinkDistance', () => {
  it('is that of the element next to a kink', () => {
    expect(kinkDistance(bent(at([0.5, -0.125, 3])))).toBe(0);
    expect(kinkDistance(sum(relu(at([0.5, -0.125, 3]))))).toBe(0.125);
  });

  it('is infinite where nothing bends', () => {
    expect(kinkDistance(sum(tanh(at([0, 1]))))).toBe(Number.POSITIVE_INFINITY);
  });
});

describe('kinksCrossed', () => {
  it('counts the elements on different sides', () => {
    const one = sum(relu(at([0.5, -0.1, 3])));
    expect(kinksCrossed(one, sum(relu(at([0.4, 0.1, -3]))))).toBe(2);
    expect(kinksCrossed(one, sum(relu(at([9, -9, 9]))))).toBe(0);
    expect(kinksCrossed(sum(tanh(at([-1]))), sum(tanh(at([1]))))).toBe(0);
  });

  it('counts each op that bends', () => {
    expect(kinksCrossed(bent(at([0.5])), bent(at([-0.5])))).toBe(2);
  });
});
