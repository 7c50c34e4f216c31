import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  add,
  backward,
  cos,
  exp,
  grad,
  mul,
  noGrad,
  pow,
  sigmoid,
  sin,
  square,
  sum,
  tanh,
  valueAndGrad,
  variable,
} from '../../src/autograd/index.js';
import { nodeOf } from '../../src/autograd/node.js';
import { allClose, ShapeError, type Tensor, tensor, zeros } from '../../src/tensor/index.js';
import { tensorOf } from '../arbitraries.js';

const number = (value: number): Tensor => tensor(value, { dtype: 'float64' });
const vector = (...values: number[]): Tensor => tensor(values, { dtype: 'float64' });
/** The derivative of a function of one number, as such a function again. */
const d =
  (f: (x: Tensor) => Tensor) =>
  (x: Tensor): Tensor =>
    grad(f)(x)[0];
const small = fc.double({ min: -2, max: 2, noNaN: true });
const point = tensorOf([4], 'float64', small);

describe('grad', () => {
  it('gives one gradient per argument, zero for one that is not used', () => {
    const f = (x: Tensor, _unused: Tensor, y: Tensor): Tensor => sum(mul(square(x), y));
    const [dx, unused, dy] = grad(f)(vector(1, 2), tensor([[1, 2, 3]]), vector(3, 4));
    expect(dx.toArray()).toEqual([6, 16]);
    expect(dy.toArray()).toEqual([1, 4]);
    expect(unused.toArray()).toEqual([[0, 0, 0]]);
    expect(unused.dtype).toBe('float32');
  });

  it('is zero for a constant function, and 1 for the identity', () => {
    expect(d(() => number(3))(number(5)).item()).toBe(0);
    expect(d((x) => x)(number(5)).item()).toBe(1);
  });

  it('of one tensor passed twice keeps the two apart', () => {
    const x = number(3);
    const [dx, dy] = grad((a: Tensor, b: Tensor) => mul(square(a), b))(x, x);
    expect([dx.item(), dy.item()]).toEqual([18, 9]);
    const same = variable(x);
    expect(grad((a: Tensor, b: Tensor) => mul(square(a), b))(same, same).map((g) => g.item())).toEqual([
      18, 9,
    ]);
  });

  it('refuses arguments and results that do not fit', () => {
    expect(() => grad((x: Tensor) => x)(3 as never)).toThrow('grad: argument 0 is not a tensor');
    expect(() => grad((_x: Tensor) => 3 as never)(number(1))).toThrow(
      'grad: the function must return a tensor',
    );
    expect(() => grad((x: Tensor) => square(x))(vector(1, 2))).toThrow(ShapeError);
    expect(() => grad((x: Tensor) => square(x))(vector(1, 2))).toThrow(
      'grad: the function returned shape [2]',
    );
    // Without a path from the argument, too.
    expect(() => grad((_x: Tensor) => vector(1, 2))(number(1))).toThrow(
      'reduce it to one number (sum or mean)',
    );
  });

  it('works inside noGrad, and its results are plain data there', () => {
    const outer = variable(number(4));
    const [g] = noGrad(() => grad((x: Tensor) => mul(square(x), outer))(number(3)));
    expect(g.item()).toBe(24);
    expect(nodeOf(g)).toBeNull();
    expect(noGrad(() => d(d((x) => mul(square(x), x)))(number(2))).item()).toBe(12);
  });

  it('gives plain data, values too, when nobody outside differentiates', () => {
    const { value, gradients } = valueAndGrad((x: Tensor) => square(x).named('loss'))(number(3));
    expect([value.item(), gradients[0].item()]).toEqual([9, 6]);
    expect(nodeOf(value)).toBeNull();
    expect(nodeOf(gradients[0])).toBeNull();
    expect(value.label).toBe('loss');
  });

  it('is recorded when somebody outside does', () => {
    const a = variable(number(3));
    const { value, gradients } = valueAndGrad((x: Tensor) => mul(square(x), a))(number(5));
    expect(backward(value).get(a).item()).toBe(25);
    expect(backward(gradients[0]).get(a).item()).toBe(10);
  });
});

describe('no perturbation confusion', () => {
  it('d/dx (x * d/dy (x + y)) is 1 at any point', () => {
    fc.assert(
      fc.property(small, small, (at, inner) => {
        expect(d((x) => mul(x, d((y) => add(x, y))(number(inner))))(number(at)).item()).toBe(1);
        // The inner derivative taken at x itself: still d/dx (x * 1).
        expect(d((x) => mul(x, d((y) => add(x, y))(x)))(number(at)).item()).toBe(1);
      }),
    );
  });

  it('d/dx (d/dy x y at y = x) is 1, and not 2', () => {
    expect(d((x) => d((y) => mul(x, y))(x))(number(7)).item()).toBe(1);
  });

  it('d/dx (x * d/dy (x y^2) at y = 2 x) is 12 x^2', () => {
    const f = d((x) => mul(x, d((y) => mul(x, square(y)))(mul(x, 2))));
    expect(f(number(3)).item()).toBe(12 * 9);
  });

  it('the same tensor passed to both: d/dx of x * (d/dy y^2 at x) is 4 x', () => {
    const point = variable(number(5));
    expect(d((x) => mul(x, d(square)(x)))(point).item()).toBe(20);
    expect(d((x) => mul(x, d(square)(point)))(point).item()).toBe(10);
  });
});

describe('higher derivatives', () => {
  it('of x^n are n (n - 1) x^(n - 2), by pow and by products', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 6 }), fc.double({ min: 0.5, max: 2, noNaN: true }), (n, x) => {
        const power = (t: Tensor): Tensor => pow(t, n);
        const repeated = (t: Tensor): Tensor =>
          n === 0
            ? number(1)
            : Array<Tensor>(n - 1)
                .fill(t)
                .reduce((a, b) => mul(a, b), t);
        const expected = n < 2 ? 0 : n * (n - 1) * x ** (n - 2);
        for (const f of [power, repeated]) {
          expect(Math.abs(d(d(f))(number(x)).item() - expected)).toBeLessThanOrEqual(
            1e-12 * Math.max(1, expected),
          );
        }
      }),
    );
  });

  it('of x^n at 0, as often as one likes', () => {
    const chain = (n: number): number[] => {
      let f = (t: Tensor): Tensor => pow(t, n);
      return [0, 1, 2, 3, 4].map(() => {
        f = d(f);
        return f(number(0)).item();
      });
    };
    expect(chain(0)).toEqual([0, 0, 0, 0, 0]);
    expect(chain(1)).toEqual([1, 0, 0, 0, 0]);
    expect(chain(2)).toEqual([0, 2, 0, 0, 0]);
    expect(chain(3)).toEqual([0, 0, 6, 0, 0]);
  });

  it('third derivatives: sin, exp, x^5, tanh', () => {
    const third = (f: (x: Tensor) => Tensor, x: number): number => d(d(d(f)))(number(x)).item();
    fc.assert(
      fc.property(small, (x) => {
        const t = Math.tanh(x);
        const s = 1 - t * t;
        expect(third(sin, x)).toBeCloseTo(-Math.cos(x), 12);
        expect(third(exp, x)).toBeCloseTo(Math.exp(x), 12);
        expect(third((v) => mul(mul(square(v), square(v)), v), x)).toBeCloseTo(60 * x * x, 9);
        expect(third(tanh, x)).toBeCloseTo(-2 * s * (1 - 3 * t * t), 11);
      }),
    );
  });
});

describe('laws', () => {
  const functions: readonly [(x: Tensor) => Tensor, derivative: (x: number) => number][] = [
    [sin, Math.cos],
    [cos, (x) => -Math.sin(x)],
    [tanh, (x) => 1 - Math.tanh(x) ** 2],
    [sigmoid, (x) => Math.exp(-x) / (1 + Math.exp(-x)) ** 2],
    [square, (x) => 2 * x],
    [exp, Math.exp],
  ];
  const any = fc.constantFrom(...functions);
  const close = { relative: 1e-10, absolute: 1e-10 };

  it('the gradient of a f + b g is a grad f + b grad g', () => {
    fc.assert(
      fc.property(any, any, small, small, point, ([f], [g], a, b, x) => {
        const combined = d((t) => add(mul(sum(f(t)), a), mul(sum(g(t)), b)))(x);
        const separate = add(mul(d((t) => sum(f(t)))(x), a), mul(d((t) => sum(g(t)))(x), b));
        expect(allClose(combined, separate, close)).toBe(true);
      }),
    );
  });

  it("the derivative of f(g(x)) is f'(g(x)) g'(x)", () => {
    fc.assert(
      fc.property(any, any, point, ([f, df], [g, dg], x) => {
        const inner = g(x);
        const expected = Array.from(x.data, (v, i) => df(inner.data[i]) * dg(v));
        expect(allClose(d((t) => sum(f(g(t))))(x), vector(...expected), close)).toBe(true);
      }),
    );
  });

  it('mixed partial derivatives do not depend on the order', () => {
    const f = (x: Tensor, y: Tensor): Tensor => add(sin(mul(x, y)), mul(square(x), exp(y)));
    const byX = (x: Tensor, y: Tensor): Tensor => grad(f)(x, y)[0];
    const byY = (x: Tensor, y: Tensor): Tensor => grad(f)(x, y)[1];
    fc.assert(
      fc.property(small, small, (x, y) => {
        const at = [number(x), number(y)] as const;
        const xy = grad(byX)(...at)[1].item();
        const yx = grad(byY)(...at)[0].item();
        const expected = Math.cos(x * y) - x * y * Math.sin(x * y) + 2 * x * Math.exp(y);
        expect(xy).toBeCloseTo(expected, 11);
        expect(yx).toBeCloseTo(expected, 11);
      }),
    );
  });

  it('zeros of the right shape come back from an empty argument', () => {
    expect(d((x) => sum(x))(zeros([0, 3])).shape).toEqual([0, 3]);
  });
});
