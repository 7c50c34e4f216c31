import { describe, expect, it } from 'vitest';
import type { Domain } from '../../src/autograd/domain.js';
import { createOp, mul, relu, sum, tanh, variable } from '../../src/autograd/index.js';
import { tensor } from '../../src/tensor/create.js';
import { map1 } from '../../src/tensor/index.js';
import type { Tensor } from '../../src/tensor/tensor.js';
import { kinkDistance, kinksCrossed } from '../../src/vae/kink-distance.js';

const at = (values: readonly number[]): Tensor => variable(tensor([...values], { dtype: 'float64' }));
const bent = (x: Tensor): Tensor => sum(relu(mul(relu(x), 2)));

/** Bends at 2 alone: the kinks of relu, clamp and the others lie on both sides of 0 alike. */
const bendAtTwo = createOp<1>({
  name: 'bendAtTwo',
  doc: '|x - 2|.',
  arity: 1,
  shape: ([x]) => x,
  forward: map1((x) => Math.abs(x - 2)),
  saves: [],
  vjp: ['constant'],
  domain: { inputs: [{ range: [-3, 3], kinks: [2] }], cases: [{ shapes: 'any' }] },
});

/** |a - 1| + |b - 1|, with one range for both, or none. */
const bendsAtOne = (inputs: Domain<unknown>['inputs']) =>
  createOp<2>({
    name: 'bendsAtOne',
    doc: '|a - 1| + |b - 1|.',
    arity: 2,
    shape: ([a]) => a,
    forward: (out, [a, b]) => {
      a.data.forEach((x, i) => {
        out.data[i] = Math.abs(x - 1) + Math.abs(b.data[i] - 1);
      });
    },
    saves: [],
    vjp: ['constant', 'constant'],
    domain: { inputs, cases: [{ shapes: 'any' }] },
  });

describe('kinkDistance', () => {
  it('is that of the element next to a kink', () => {
    expect(kinkDistance(bent(at([0.5, -0.125, 3])))).toBe(0);
    expect(kinkDistance(sum(relu(at([0.5, -0.125, 3]))))).toBe(0.125);
  });

  it('is measured from where the kink is, on either side of it', () => {
    expect(kinkDistance(sum(bendAtTwo(at([-2, 1.5]))))).toBe(0.5);
    expect(kinkDistance(sum(bendAtTwo(at([-2, 2.25]))))).toBe(0.25);
  });

  it('takes the last range for every further input', () => {
    const bends = bendsAtOne([{ range: [-3, 3], kinks: [1] }]);
    expect(kinkDistance(sum(bends(at([0]), at([1.25]))))).toBe(0.25);
    expect(kinkDistance(sum(bends(at([0.5]), at([2]))))).toBe(0.5);
  });

  it('is infinite where nothing bends', () => {
    expect(kinkDistance(sum(tanh(at([0, 1]))))).toBe(Number.POSITIVE_INFINITY);
    expect(kinkDistance(sum(bendsAtOne([])(at([0]), at([1]))))).toBe(Number.POSITIVE_INFINITY);
  });
});

describe('kinksCrossed', () => {
  it('counts the elements on different sides', () => {
    const one = sum(relu(at([0.5, -0.1, 3])));
    expect(kinksCrossed(one, sum(relu(at([0.4, 0.1, -3]))))).toBe(2);
    expect(kinksCrossed(one, sum(relu(at([9, -9, 9]))))).toBe(0);
    expect(kinksCrossed(sum(tanh(at([-1]))), sum(tanh(at([1]))))).toBe(0);
  });

  it('counts by where the kink is', () => {
    const one = sum(bendAtTwo(at([-3, 1, 1.5])));
    expect(kinksCrossed(one, sum(bendAtTwo(at([-2.5, 1.9, 2.5]))))).toBe(1);
    expect(kinksCrossed(sum(bendAtTwo(at([1]))), sum(bendAtTwo(at([1.5]))))).toBe(0);
  });

  it('counts each op that bends', () => {
    expect(kinksCrossed(bent(at([0.5])), bent(at([-0.5])))).toBe(2);
  });
});
