import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { backward, grad, variable } from '../../../src/autograd/index.js';
import * as ops from '../../../src/autograd/ops/index.js';
import { type DType, Tensor, tensor } from '../../../src/tensor/index.js';
import { dtypes } from '../../arbitraries.js';

const I = Number.POSITIVE_INFINITY;
const N = Number.NaN;
const both: readonly DType[] = ['float32', 'float64'];

type Row = readonly [x: readonly number[], value: readonly number[], gradient: readonly number[]];

/** Compares values and the gradient of their sum weighted by 1, 2, 3, ... */
function expectRow(op: (x: Tensor) => Tensor, [points, value, gradient]: Row): void {
  for (const dtype of both) {
    const x = variable(tensor(points, { dtype }));
    const y = op(x);
    const cotangent = tensor(
      [...y.data].map((_, i) => i + 1),
      { dtype, shape: y.shape },
    );
    const found = backward(y, { cotangent }).get(x);
    const compare = (got: Tensor, expected: readonly number[]): void => {
      expect(got.size).toBe(expected.length);
      expected.forEach((e, i) => {
        const near = Math.abs(got.data[i] - e) <= 1e-6 * Math.max(1, Math.abs(e));
        if (!near && got.data[i] !== e && !Object.is(got.data[i], e)) {
          expect.fail(`${dtype}, element ${i} is ${got.data[i]}, but must be ${e}`);
        }
      });
    };
    compare(y, value);
    compare(found, gradient);
  }
}

const e = Math.exp(-1);

describe('rows of extremes', () => {
  it.each<Row>([
    [[-I, 0], [0], [0, 1]],
    [[-I, 0, -I, 0], [Math.LN2], [0, 0.5, 0, 0.5]],
    [[-I, -I], [-I], [0, 0]],
    [[-I], [-I], [0]],
    // The weight of an infinity is infinity / infinity.
    [[I, 0], [I], [N, 0]],
    [[N, 0], [N], [N, N]],
    [[1e30, 0, -1e30], [1e30], [1, 0, 0]],
    [[1e30, 1e30], [1e30], [0.5, 0.5]],
    [[-1e30, -1e30, -1e30, -1e30], [-1e30], [0.25, 0.25, 0.25, 0.25]],
    [[1000, 999], [1000 + Math.log1p(e)], [1 / (1 + e), e / (1 + e)]],
    [[], [-I], []],
  ])('logsumexp of %j', (...row) => expectRow((x) => ops.logsumexp(x), row));

  it.each<Row>([
    [
      [1e30, 0, -1e30],
      [1, 0, 0],
      [0, 0, 0],
    ],
    [
      [-I, 0],
      [0, 1],
      [0, 0],
    ],
    [
      [-1e30, -1e30],
      [0.5, 0.5],
      [-0.25, 0.25],
    ],
    [
      [-I, -I],
      [N, N],
      [N, N],
    ],
    [
      [I, 0],
      [N, 0],
      [N, N],
    ],
    [[], [], []],
  ])('softmax of %j', (...row) => expectRow((x) => ops.softmax(x), row));

  it.each<Row>([
    [
      [1e30, 0, -1e30],
      [0, -1e30, -2e30],
      [1 - 6, 2, 3],
    ],
    [
      [-I, 0],
      [-I, 0],
      [1, 2 - 3],
    ],
    [
      [-1e30, -1e30],
      [-Math.LN2, -Math.LN2],
      [1 - 1.5, 2 - 1.5],
    ],
    [
      [-I, -I],
      [N, N],
      [N, N],
    ],
    [[], [], []],
  ])('logSoftmax of %j', (...row) => expectRow((x) => ops.logSoftmax(x), row));

  it.each<Row>([
    [[2, 1, 2], [2], [0.5, 0, 0.5]],
    [[0, -0], [0], [0.5, 0.5]],
    [[-I, -I, -1e30], [-1e30], [0, 0, 1]],
    [[I, 1, I], [I], [0.5, 0, 0.5]],
    [[-I, -I], [-I], [0.5, 0.5]],
    [[N, 1], [N], [N, N]],
  ])('max of %j', (...row) => expectRow((x) => ops.max(x), row));

  it.each<Row>([
    [[2, 3, 2], [2], [0.5, 0, 0.5]],
    [[-0, 0], [-0], [0.5, 0.5]],
    [[I, I, 1e30], [1e30], [0, 0, 1]],
    [[-I, 1, -I], [-I], [0.5, 0, 0.5]],
    [[N, 1], [N], [N, N]],
  ])('min of %j', (...row) => expectRow((x) => ops.min(x), row));

  it.each<Row>([
    [[1], [N], [N]],
    [[], [N], []],
    // A mean that is large beside the deviations.
    [[4096, 4097, 4098], [1], [-1, 0, 1]],
  ])('variance of %j', (...row) => expectRow((x) => ops.variance(x), row));

  it.each<Row>([
    [[I, -I], [N], [1, 1]],
    [[I, 1e30], [I], [1, 1]],
    [[1e30, -1e30], [0], [1, 1]],
    [[], [0], []],
  ])('sum of %j', (...row) => expectRow((x) => ops.sum(x), row));

  it.each<Row>([
    [[1e30, 1e30], [1e30], [0.5, 0.5]],
    [[], [N], []],
  ])('mean of %j', (...row) => expectRow((x) => ops.mean(x), row));
});

describe('weights in the gradient of logsumexp', () => {
  it('sum to 1 however large the elements are, in float32 too', () => {
    const element = fc.double({ min: -3, max: 3, noNaN: true });
    fc.assert(
      fc.property(
        dtypes,
        fc.double({ min: -1e8, max: 1e8, noNaN: true }),
        fc.array(element, { minLength: 1, maxLength: 9 }),
        (dtype, offset, list) => {
          const [weights] = grad((x: Tensor) => ops.logsumexp(x))(
            tensor(
              list.map((x) => x + offset),
              { dtype },
            ),
          );
          expect(Math.abs(Array.from(weights.data).reduce((a, b) => a + b, 0) - 1)).toBeLessThanOrEqual(1e-6);
        },
      ),
    );
  });

  it('can be differentiated again where every element is -infinity', () => {
    const twice = grad((x: Tensor) => ops.sum(grad((z: Tensor) => ops.logsumexp(z))(x)[0]));
    expect(twice(tensor([-I, -I]))[0].toArray()).toEqual([0, 0]);
  });
});

describe('finite where the result is', () => {
  const saturating: readonly [string, (x: Tensor) => Tensor][] = [
    ['tanh', ops.tanh],
    ['sigmoid', ops.sigmoid],
    ['softplus', ops.softplus],
    ['relu', ops.relu],
    ['leakyRelu', (x) => ops.leakyRelu(x)],
    ['elu', (x) => ops.elu(x)],
    ['normalCdf', ops.normalCdf],
    ['gelu', ops.gelu],
    ['abs', ops.abs],
    ['sin', ops.sin],
    ['cos', ops.cos],
    ['clamp', (x) => ops.clamp(x, { min: -1, max: 1 })],
    ['logsumexp', (x) => ops.logsumexp(x)],
    ['softmax', (x) => ops.softmax(x)],
    ['logSoftmax', (x) => ops.logSoftmax(x)],
    ['max', (x) => ops.max(x)],
  ];
  // Half of the range, so that no difference of two overflows.
  const numbers = fc.float({ min: -(2 ** 126), max: 2 ** 126, noNaN: true });
  it.each(saturating)('%s and its gradient, of any finite numbers', (_, op) => {
    fc.assert(
      fc.property(dtypes, fc.array(numbers, { minLength: 1, maxLength: 5 }), (dtype, list) => {
        const x = variable(tensor(list, { dtype }));
        const y = op(x);
        const cotangent = new Tensor(
          y.data.map(() => 1),
          y.shape,
        );
        const found = backward(y, { cotangent }).get(x);
        expect([...y.data, ...found.data].every(Number.isFinite)).toBe(true);
      }),
    );
  });

  it('second derivatives too: 0 far out, where they saturate', () => {
    const elementwise = saturating.filter(
      ([name]) => !['sin', 'cos', 'logsumexp', 'softmax', 'logSoftmax', 'max'].includes(name),
    );
    for (const [name, op] of elementwise) {
      for (const dtype of both) {
        const slope = (x: Tensor): Tensor => grad((z: Tensor) => ops.sum(op(z)))(x)[0];
        const [second] = grad((x: Tensor) => ops.sum(slope(x)))(
          tensor([1e30, -1e30, 1000, -1000], { dtype }),
        );
        expect(
          second.data.every((v) => v === 0),
          `${name}: ${second}`,
        ).toBe(true);
      }
    }
  });

  it('the Bernoulli log-likelihood from logits, softplus(l) - t l, with gradient sigmoid(l) - t', () => {
    for (const dtype of both) {
      for (const target of [0, 0.25, 1]) {
        const logits = variable(tensor([1e30, -1e30, 100, -100, 1e-30, 0, -0], { dtype }));
        const loss = ops.sub(ops.softplus(logits), ops.mul(logits, target));
        const found = backward(ops.sum(loss)).get(logits);
        const right = [1, 0, 1, 0, 0.5, 0.5, 0.5].map((p) => p - target);
        expect(loss.data.every(Number.isFinite)).toBe(true);
        right.forEach((p, i) => {
          expect(Math.abs(found.data[i] - p)).toBeLessThanOrEqual(1e-7);
        });
      }
    }
  });
});

describe('where', () => {
  it('keeps an infinite or NaN branch that is not selected out of value and gradient', () => {
    for (const bad of [I, -I, N]) {
      const a = variable(tensor([1, bad]));
      const b = variable(tensor([bad, 2]));
      const y = ops.where(tensor([1, 0]), a, b);
      const found = backward(ops.sum(ops.square(y)));
      expect(y.toArray()).toEqual([1, 2]);
      expect(found.get(a).toArray()).toEqual([2, 0]);
      expect(found.get(b).toArray()).toEqual([0, 4]);
    }
  });

  it('gives 0, not 0 * infinity, to what is not selected when the incoming gradient is infinite', () => {
    const a = variable(tensor([0, 4]));
    const b = variable(tensor([5, 5]));
    const found = backward(ops.sum(ops.sqrt(ops.where(tensor([1, 1]), a, b))));
    expect(found.get(a).toArray()).toEqual([I, 0.25]);
    expect(found.get(b).toArray()).toEqual([0, 0]);
  });

  it('leaves a selected element alone; the argument of an unselected log must be made safe before it', () => {
    const x = variable(tensor([2, 0]));
    const positive = tensor([1, 0]);
    const direct = backward(ops.sum(ops.where(positive, ops.log(x), 0))).get(x);
    // 0 from where, times 1 / 0 in log: the chain rule's own 0 * infinity.
    expect(direct.toArray()).toEqual([0.5, N]);
    const safe = ops.where(positive, ops.log(ops.where(positive, x, 1)), 0);
    expect(backward(ops.sum(safe)).get(x).toArray()).toEqual([0.5, 0]);
  });

  it('selects the first branch for any condition but 0 and -0', () => {
    const y = ops.where(tensor([1, -1, 0.1, N, I, 0, -0]), 1, 2);
    expect(y.toArray()).toEqual([1, 1, 1, 1, 1, 2, 2]);
  });
});

describe('clamp', () => {
  it('passes the gradient at its bounds, also where float32 rounds them', () => {
    for (const bound of [0.1, 0.3, 0.7, -0.1, 1 / 3]) {
      for (const dtype of both) {
        const x = variable(tensor(bound, { dtype }));
        expect(
          backward(ops.clamp(x, { max: bound }))
            .get(x)
            .item(),
        ).toBe(1);
        expect(
          backward(ops.clamp(x, { min: bound }))
            .get(x)
            .item(),
        ).toBe(1);
        expect(
          backward(ops.clamp(ops.clamp(x, { max: bound }), { min: bound }))
            .get(x)
            .item(),
        ).toBe(1);
      }
    }
  });
});
