import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  add,
  backward,
  broadcastTo,
  concat,
  div,
  exp,
  matmul,
  maximum,
  mul,
  neg,
  noGrad,
  type Operand,
  reshape,
  sign,
  slice,
  square,
  stopGradient,
  sub,
  sum,
  variable,
} from '../../src/autograd/index.js';
import { nodeOf } from '../../src/autograd/node.js';
import { equal, ones, ShapeError, type Tensor, tensor, zeros } from '../../src/tensor/index.js';
import { broadcastPair, dtypes, tensorOf } from '../arbitraries.js';

const scalar = (value: number, label?: string): Tensor => variable(tensor(value), label);

describe('gradients', () => {
  it('are there for every recorded tensor, inner ones and the output too', () => {
    const x = scalar(2, 'x');
    const y = scalar(3, 'y');
    const product = mul(x, y);
    const power = exp(product);
    const out = add(power, x);
    const found = backward(out);
    const e6 = exp(6).item();
    expect(found.get(out).item()).toBe(1);
    expect(found.get(power).item()).toBe(1);
    expect(found.get(product).item()).toBe(e6);
    expect(found.get(y).item()).toBe(Math.fround(2 * e6));
    expect(found.get(x).item()).toBe(Math.fround(1 + Math.fround(3 * e6)));
    expect([...found.entries()].length).toBe(5);
  });

  it('add up where a tensor is used twice', () => {
    const x = scalar(3);
    expect(backward(mul(x, x)).get(x).item()).toBe(6);
    expect(backward(add(x, x)).get(x).item()).toBe(2);
    expect(backward(sub(x, x)).get(x).item()).toBe(0);
    expect(
      backward(concat([reshape(x, { shape: [1] }), reshape(x, { shape: [1] })]), { cotangent: ones([2]) })
        .get(x)
        .item(),
    ).toBe(2);
  });

  it('add up along both sides of a diamond, each node asked once', () => {
    const x = scalar(3);
    const top = square(x);
    const found = backward(mul(add(top, 1), mul(top, 2)));
    // d/dx 2 x^2 (x^2 + 1) = 8 x^3 + 4 x.
    expect(found.get(x).item()).toBe(8 * 27 + 12);
    expect(found.get(top).item()).toBe(4 * 9 + 2);
  });

  it('of a ladder of 60 diamonds do not take 2^60 steps', () => {
    let y = scalar(1);
    const x = y;
    for (let i = 0; i < 60; i++) y = mul(add(y, y), 0.5);
    expect(backward(y).get(x).item()).toBe(1);
  });

  it('take a cotangent, and are linear in it', () => {
    const x = variable(tensor([1, 2, 3]));
    const y = square(x);
    expect(
      backward(y, { cotangent: tensor([1, 10, -1]) })
        .get(x)
        .toArray(),
    ).toEqual([2, 40, -6]);
    expect(
      backward(y, { cotangent: zeros([3]) })
        .get(x)
        .toArray(),
    ).toEqual([0, 0, 0]);
  });

  it('of one element of any rank need no cotangent', () => {
    const x = variable(tensor([[[5]]]));
    expect(backward(square(x)).get(x).toArray()).toEqual([[[10]]]);
  });

  it('do not accumulate from one backward to the next', () => {
    const x = scalar(3);
    const y = square(x);
    expect(backward(y).get(x).item()).toBe(6);
    expect(backward(y).get(x).item()).toBe(6);
  });

  it('are plain data', () => {
    const x = scalar(3);
    const g = backward(mul(square(x), x)).get(x);
    expect(nodeOf(g)).toBeNull();
    expect(g.item()).toBe(27);
  });

  it('of a variable itself are 1', () => {
    const x = scalar(3);
    expect(backward(x).get(x).item()).toBe(1);
  });

  it('skip what is stopped, on every path that is stopped', () => {
    const x = scalar(3, 'x');
    expect(
      backward(mul(x, stopGradient(x)))
        .get(x)
        .item(),
    ).toBe(3);
    expect(
      backward(add(sign(x), x))
        .get(x)
        .item(),
    ).toBe(1);
    const stopped = stopGradient(square(x));
    expect(() => backward(stopped)).toThrow('depends on no variable');
    expect(backward(add(stopped, x)).find(stopped)).toBeUndefined();
  });
});

describe('broadcasting', () => {
  const binary: readonly ((a: Operand, b: Operand) => Tensor)[] = [add, sub, mul, div, maximum];

  it('is undone: the gradient has the shape of its input and the bits of an explicit broadcastTo', () => {
    const cases = fc
      .tuple(dtypes, broadcastPair, fc.constantFrom(...binary))
      .chain(([dtype, { a, b, out }, op]) =>
        fc.tuple(tensorOf(a, dtype), tensorOf(b, dtype), fc.constant(out), fc.constant(op)),
      );
    fc.assert(
      fc.property(cases, ([left, right, shape, op]) => {
        const [a, b] = [variable(left), variable(right)];
        const implicit = backward(sum(op(a, b)));
        const explicit = backward(sum(op(broadcastTo(a, { shape }), broadcastTo(b, { shape }))));
        for (const x of [a, b]) {
          expect(implicit.get(x).shape).toEqual(x.shape);
          expect(equal(implicit.get(x), explicit.get(x))).toBe(true);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('is undone for scalars, batches of matrices and empty tensors', () => {
    const weight = variable(ones([3, 2]));
    const batch = ones([5, 4, 3]);
    const found = backward(sum(matmul(batch, weight)));
    expect(found.get(weight).toArray()).toEqual(Array(3).fill([20, 20]));
    const none = scalar(2);
    expect(
      backward(sum(mul(none, zeros([0, 3]))))
        .get(none)
        .item(),
    ).toBe(0);
  });
});

describe('what cannot be differentiated says why', () => {
  it('an output with more than one element and no cotangent', () => {
    const y = square(variable(ones([2, 3])));
    expect(() => backward(y)).toThrow(ShapeError);
    expect(() => backward(y)).toThrow(
      /'square#\d+' has shape \[2, 3\]; reduce it to one number \(sum or mean\)/,
    );
    expect(() => backward(sum(y, { axes: 0 }))).toThrow('give a cotangent of its shape');
    expect(() => backward(square(variable(zeros([0]))))).toThrow('has shape [0]');
  });

  it('a cotangent of another shape, dtype or kind', () => {
    const y = square(variable(ones([2, 3])));
    expect(() => backward(y, { cotangent: ones([3, 2]) })).toThrow(
      'backward: the cotangent is float32 [3, 2], but the output is float32 [2, 3]',
    );
    expect(() => backward(y, { cotangent: ones([2, 3], { dtype: 'float64' }) })).toThrow(
      'backward: the cotangent is float64 [2, 3], but the output is float32 [2, 3]',
    );
    expect(() => backward(y, { cotangent: ones([]) })).toThrow('the cotangent is float32 []');
    expect(() => backward(y, { cotangent: [1] as never })).toThrow('the cotangent is an array, not a tensor');
  });

  it('something that is no tensor', () => {
    expect(() => backward(3 as never)).toThrow(
      'backward: takes the tensor to differentiate, but got a number',
    );
    expect(() => backward(undefined as never)).toThrow('but got undefined');
  });

  it('an output of which nothing was recorded', () => {
    const mend =
      'depends on no variable; wrap what to differentiate by with variable(...), and compute outside noGrad';
    expect(() => backward(square(tensor(2)))).toThrow(`backward: a constant of shape [] ${mend}`);
    const x = scalar(2);
    expect(() => backward(noGrad(() => square(x)))).toThrow(mend);
    expect(() => backward(tensor(2).named('loss'))).toThrow("backward: 'loss' depends on no variable");
  });

  it('a tensor that no gradient reaches', () => {
    const x = scalar(2, 'x');
    const unused = scalar(1, 'unused');
    const plain = tensor(4, {}).named('data');
    const stopped = stopGradient(x);
    const loss = add(mul(x, plain), stopped).named('loss');
    const found = backward(loss);
    expect(() => found.get(unused)).toThrow("gradient of 'unused': 'loss' does not depend on it");
    expect(() => found.get(plain)).toThrow(
      "gradient of 'data': it is plain data; wrap it with variable(...) before it is used",
    );
    expect(() => found.get(stopped)).toThrow(
      /gradient of 'stopGradient#\d+': it depends on no variable, or only through stopGradient/,
    );
    expect(() => found.get(ones([2, 3]))).toThrow('gradient of a constant of shape [2, 3]');
    for (const t of [unused, plain, stopped]) expect(found.find(t)).toBeUndefined();
  });

  it('a tensor computed after the output', () => {
    const x = scalar(2);
    const y = square(x).named('y');
    const found = backward(y);
    expect(() => found.get(neg(y))).toThrow("'y' does not depend on it");
  });
});

describe('createGraph', () => {
  it('records the gradients, so that they can be differentiated again and again', () => {
    const x = variable(tensor(2, { dtype: 'float64' }));
    const y = mul(mul(square(x), square(x)), x);
    const options = { createGraph: true };
    const first = backward(y, options).get(x);
    const second = backward(first, options).get(x);
    const third = backward(second).get(x);
    expect([first, second, third].map((g) => g.item())).toEqual([5 * 16, 20 * 8, 60 * 4]);
    expect(nodeOf(third)).toBeNull();
  });

  it('differentiates by the cotangent too', () => {
    const x = variable(tensor([1, 2]));
    const v = variable(tensor([5, 7]));
    const g = backward(square(x), { cotangent: v, createGraph: true }).get(x);
    const found = backward(sum(g));
    expect(found.get(v).toArray()).toEqual([2, 4]);
    expect(found.get(x).toArray()).toEqual([10, 14]);
  });

  it('works inside noGrad, when it is asked for', () => {
    const x = scalar(3);
    const y = mul(square(x), x);
    const first = noGrad(() => backward(y, { createGraph: true })).get(x);
    expect(backward(first).get(x).item()).toBe(18);
  });

  it('is off again after a rule has thrown', () => {
    const x = scalar(3);
    expect(() => backward(sum(slice(x)), { cotangent: ones([2]), createGraph: true })).toThrow(ShapeError);
    expect(nodeOf(backward(square(x)).get(x))).toBeNull();
  });
});
