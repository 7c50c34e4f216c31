import { describe, expect, it } from 'vitest';
import { backward, variable } from '../../../src/autograd/index.js';
import * as ops from '../../../src/autograd/ops/index.js';
import { type DType, full, type Tensor, tensor } from '../../../src/tensor/index.js';

const I = Number.POSITIVE_INFINITY;
const N = Number.NaN;
const LN2 = Math.LN2;
const LOG = Math.log(1e30);
const PDF = 1 / Math.sqrt(2 * Math.PI);

/** An expected number, or a function of the (rounded) point where the answer depends on every bit of it. */
type Expected = number | ((x: number) => number);
type Points = readonly [
  Expected,
  Expected,
  Expected,
  Expected,
  Expected,
  Expected,
  Expected,
  Expected,
  Expected,
];

const points = [1e-30, -1e-30, 1e30, -1e30, 0, -0, I, -I, N];
const ones: Points = [1, 1, 1, 1, 1, 1, 1, 1, 1];
const sin = Math.sin;
const cos = Math.cos;
const minusSin = (x: number): number => -Math.sin(x);

/** Values and derivatives at the points above; null where no gradient flows. */
const table: readonly [name: string, op: (x: Tensor) => Tensor, values: Points, gradients: Points | null][] =
  [
    ['neg', ops.neg, [-1e-30, 1e-30, -1e30, 1e30, -0, 0, -I, I, N], [-1, -1, -1, -1, -1, -1, -1, -1, -1]],
    [
      'square',
      ops.square,
      [1e-60, 1e-60, 1e60, 1e60, 0, 0, I, I, N],
      [2e-30, -2e-30, 2e30, -2e30, 0, 0, I, -I, N],
    ],
    ['sqrt', ops.sqrt, [1e-15, N, 1e15, N, 0, -0, I, N, N], [5e14, N, 5e-16, N, I, -I, 0, N, N]],
    ['exp', ops.exp, [1, 1, I, 0, 1, 1, I, 0, N], [1, 1, I, 0, 1, 1, I, 0, N]],
    // 1 / x, also where the logarithm itself is NaN.
    ['log', ops.log, [-LOG, N, LOG, N, -I, -I, I, N, N], [1e30, -1e30, 1e-30, -1e-30, I, -I, 0, 0, N]],
    ['expm1', ops.expm1, [1e-30, -1e-30, I, -1, 0, -0, I, -1, N], [1, 1, I, 0, 1, 1, I, 0, N]],
    ['log1p', ops.log1p, [1e-30, -1e-30, LOG, N, 0, -0, I, N, N], [1, 1, 1e-30, -1e-30, 1, 1, 0, 0, N]],
    ['tanh', ops.tanh, [1e-30, -1e-30, 1, -1, 0, -0, 1, -1, N], [1, 1, 0, 0, 1, 1, 0, 0, N]],
    ['sigmoid', ops.sigmoid, [0.5, 0.5, 1, 0, 0.5, 0.5, 1, 0, N], [0.25, 0.25, 0, 0, 0.25, 0.25, 0, 0, N]],
    ['softplus', ops.softplus, [LN2, LN2, 1e30, 0, LN2, LN2, I, 0, N], [0.5, 0.5, 1, 0, 0.5, 0.5, 1, 0, N]],
    // The derivative at 0 is 0, and so it is where the value is NaN.
    ['relu', ops.relu, [1e-30, 0, 1e30, 0, 0, 0, I, 0, N], [1, 0, 1, 0, 0, 0, 1, 0, 0]],
    [
      'leakyRelu',
      (x) => ops.leakyRelu(x),
      [1e-30, -1e-32, 1e30, -1e28, 0, -0, I, -I, N],
      [1, 0.01, 1, 0.01, 0.01, 0.01, 1, 0.01, 0.01],
    ],
    ['elu', (x) => ops.elu(x), [1e-30, -1e-30, 1e30, -1, 0, -0, I, -1, N], [1, 1, 1, 0, 1, 1, 1, 0, N]],
    ['normalCdf', ops.normalCdf, [0.5, 0.5, 1, 0, 0.5, 0.5, 1, 0, N], [PDF, PDF, 0, 0, PDF, PDF, 0, 0, N]],
    ['gelu', ops.gelu, [5e-31, -5e-31, 1e30, -0, 0, -0, I, 0, N], [0.5, 0.5, 1, 0, 0.5, 0.5, 1, 0, N]],
    ['sin', ops.sin, [1e-30, -1e-30, sin, sin, 0, -0, N, N, N], [1, 1, cos, cos, 1, 1, N, N, N]],
    ['cos', ops.cos, [1, 1, cos, cos, 1, 1, N, N, N], [-1e-30, 1e-30, minusSin, minusSin, 0, 0, N, N, N]],
    ['abs', ops.abs, [1e-30, 1e-30, 1e30, 1e30, 0, 0, I, I, N], [1, -1, 1, -1, 0, 0, 1, -1, N]],
    ['sign', ops.sign, [1, -1, 1, -1, 0, -0, 1, -1, N], null],
    [
      'clamp',
      (x) => ops.clamp(x, { min: -1, max: 2 }),
      [1e-30, -1e-30, 2, -1, 0, -0, 2, -1, N],
      [1, 1, 0, 0, 1, 1, 0, 0, 0],
    ],
    ['alias', ops.alias, [1e-30, -1e-30, 1e30, -1e30, 0, -0, I, -I, N], ones],
    ['stopGradient', ops.stopGradient, [1e-30, -1e-30, 1e30, -1e30, 0, -0, I, -I, N], null],
  ];

const dtypes = ['float32', 'float64'] as const;
const rounded = (x: number, dtype: DType): number => (dtype === 'float32' ? Math.fround(x) : x);

/** Zeros (with their sign), infinities and NaN as they are, other numbers to a few roundings. */
function expectNumber(got: number, expected: number, dtype: DType, what: string): void {
  const target = rounded(expected, dtype);
  const exact = target === 0 || !Number.isFinite(target);
  const allowed = (dtype === 'float32' ? 5e-7 : 2e-15) * Math.abs(target);
  const right = exact ? Object.is(got, target) : Math.abs(got - target) <= allowed;
  if (!right) expect.fail(`${what} is ${Object.is(got, -0) ? '-0' : got}, but must be ${target}`);
}

/** Adding 0 makes -0 a 0: the sign of a gradient of 0 is not promised. */
const unsigned = (x: number): number => x + 0;

describe.each(dtypes)('%s', (dtype) => {
  describe.each(table)('%s', (name, op, values, gradients) => {
    const at = (expected: Expected, x: number): number =>
      typeof expected === 'number' ? expected : expected(rounded(x, dtype));

    it('has the stated value at every extreme', () => {
      const y = op(tensor(points, { dtype }));
      points.forEach((x, i) => {
        expectNumber(y.data[i], at(values[i], x), dtype, `${name}(${x})`);
      });
    });

    it('has the stated derivative there', () => {
      const x = variable(tensor(points, { dtype }));
      const y = op(x);
      if (gradients === null) {
        expect(() => backward(y, { cotangent: full([9], 1, { dtype }) })).toThrow('depends on no variable');
        return;
      }
      const found = backward(y, { cotangent: full([9], 1, { dtype }) }).get(x);
      points.forEach((p, i) => {
        expectNumber(
          unsigned(found.data[i]),
          unsigned(at(gradients[i], p)),
          dtype,
          `derivative of ${name} at ${p}`,
        );
      });
    });
  });
});

describe('IEEE arithmetic', () => {
  const formulas = [
    ['add', ops.add, (a: number, b: number) => a + b],
    ['sub', ops.sub, (a: number, b: number) => a - b],
    ['mul', ops.mul, (a: number, b: number) => a * b],
    ['div', ops.div, (a: number, b: number) => a / b],
    ['maximum', ops.maximum, Math.max],
    ['minimum', ops.minimum, Math.min],
  ] as const;
  it.each(formulas)('%s of every pair of extremes', (_, op, formula) => {
    for (const dtype of dtypes) {
      const x = tensor(points, { dtype });
      const y = op(ops.reshape(x, { shape: [9, 1] }), x);
      const expected = [...x.data].flatMap((a) => [...x.data].map((b) => rounded(formula(a, b), dtype)));
      expect([...y.data]).toEqual(expected);
    }
  });
});

type Pair = readonly [a: number, b: number, value: number, da: number, db: number | null];

function expectPair(op: (a: Tensor, b: Tensor) => Tensor, [a, b, value, da, db]: Pair): void {
  for (const dtype of dtypes) {
    const x = variable(tensor(a, { dtype }));
    const z = variable(tensor(b, { dtype }));
    const y = op(x, z);
    const found = backward(y);
    expectNumber(y.item(), value, dtype, 'the value');
    expectNumber(unsigned(found.get(x).item()), unsigned(da), dtype, 'the derivative by the first');
    if (db !== null)
      expectNumber(unsigned(found.get(z).item()), unsigned(db), dtype, 'the derivative by the second');
  }
}

describe('derivatives of two numbers at extremes', () => {
  it.each<Pair>([
    [1, 0, I, I, -I],
    [0, 0, N, I, N],
    [0, 2, 0, 0.5, 0],
    [1, I, 0, 0, 0],
    [I, 2, I, 0.5, -I],
    // a / b^2 would overflow in float32; y / b does not.
    [1e30, 1e30, 1, 1e-30, -1e-30],
    [1e-30, 1e-30, 1, 1e30, -1e30],
  ])('div of %d and %d', (...pair) => expectPair(ops.div, pair));

  it.each<Pair>([
    [0, 0, 1, 0, 0],
    [-0, 0, 1, 0, 0],
    [0, 1, 0, 1, 0],
    [0, 2, 0, 0, 0],
    [-0, 3, -0, 0, 0],
    [0, 0.5, 0, I, 0],
    [0, -1, I, -I, -I],
    [5, 0, 1, 0, Math.log(5)],
    // x^y of a negative x is no function of y, so its derivative by y is NaN.
    [-2, 3, -8, 12, N],
    [-8, 1 / 3, N, N, N],
    [I, 2, I, I, I],
    [I, 0, 1, 0, I],
    [1, I, 1, I, 0],
    [1e30, 0.5, 1e15, 5e-16, 1e15 * LOG],
  ])('pow of %d and %d', (...pair) => expectPair(ops.pow, pair));

  it.each<Pair>([
    [2, 2, 2, 0.5, 0.5],
    [0, -0, 0, 0.5, 0.5],
    [I, I, I, 0.5, 0.5],
    [I, 1, I, 1, 0],
    [-I, -I, -I, 0.5, 0.5],
    // Neither is the larger: no gradient, beside a value that is NaN.
    [N, 1, N, 0, 0],
  ])('maximum of %d and %d', (...pair) => expectPair(ops.maximum, pair));

  it.each<Pair>([
    [0, I, N, I, 0],
    [1e30, 1e30, 1e60, 1e30, 1e30],
    [1e-30, 1e-30, 1e-60, 1e-30, 1e-30],
  ])('mul of %d and %d', (...pair) => expectPair(ops.mul, pair));
});
