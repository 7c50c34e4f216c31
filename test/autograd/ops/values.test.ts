import { describe, expect, it } from 'vitest';
import * as ops from '../../../src/autograd/ops/index.js';
import { backward, Random, variable } from '../../../src/index.js';
import { type NestedNumbers, type Shape, Tensor, tensor } from '../../../src/tensor/index.js';
import { ulpError } from '../../tensor/math/ulp.js';

type Unary = (x: Tensor) => Tensor;

type Row = readonly [
  name: string,
  op: Unary,
  /** As a book has it. */
  formula: (x: number) => number,
  range: readonly [number, number],
  /** Allowed roundings of float64, relative to the larger of the value and `size`. */
  roundings64: number,
  /** Where the formula itself cancels, its error is relative to numbers of this size. */
  size: number,
  /** Allowed distance in float32 from the formula in float64, in units in the last place. */
  ulp32: number,
];

/** erf x = 2 / sqrt(pi) e^(-x^2) sum of 2^n x^(2n+1) / (2n+1)!!, all terms of one sign. */
function erf(x: number): number {
  let term = x;
  let sum = 0;
  for (let n = 0; sum + term !== sum; n++, term *= (2 * x * x) / (2 * n + 1)) sum += term;
  return (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x) * sum;
}
const normalCdf = (x: number): number => (1 + erf(x / Math.SQRT2)) / 2;

const ascending = (...list: number[]): number[] => list.sort((a, b) => a - b);

const all: readonly [number, number] = [-3, 3];
const rows: readonly Row[] = [
  ['neg', ops.neg, (x) => -x, all, 0, 0, 0],
  ['square', ops.square, (x) => x ** 2, all, 1, 0, 0.5],
  ['sqrt', ops.sqrt, (x) => x ** 0.5, [0, 9], 1, 0, 0.5],
  ['exp', ops.exp, (x) => Math.E ** x, [-20, 20], 40, 0, 1],
  ['log', ops.log, (x) => Math.log2(x) * Math.LN2, [0, 50], 2, 1, 1],
  ['expResidual', ops.expResidual, (x) => Math.expm1(x) - x, all, 2, 1, 2],
  ['expm1', ops.expm1, (x) => Math.exp(x) - 1, all, 2, 1, 2],
  ['log1p', ops.log1p, (x) => Math.log(1 + x), [-0.9, 5], 8, 1, 2],
  ['tanh', ops.tanh, (x) => 1 - 2 / (Math.exp(2 * x) + 1), all, 2, 1, 2],
  ['sigmoid', ops.sigmoid, (x) => 1 / (1 + Math.exp(-x)), [-20, 20], 4, 0, 3],
  ['softplus', ops.softplus, (x) => Math.log(1 + Math.exp(x)), all, 4, 1, 3],
  ['relu', ops.relu, (x) => (x + Math.abs(x)) / 2, all, 0, 0, 0],
  ['leakyRelu', (x) => ops.leakyRelu(x, { slope: 0.25 }), (x) => (x > 0 ? x : x / 4), all, 0, 0, 0],
  ['elu', (x) => ops.elu(x, { alpha: 0.5 }), (x) => (x > 0 ? x : (Math.exp(x) - 1) / 2), all, 2, 1, 2],
  ['normalCdf', ops.normalCdf, normalCdf, all, 8, 1, 4],
  ['gelu', ops.gelu, (x) => x * normalCdf(x), all, 16, 1, 4],
  ['sin', ops.sin, (x) => Math.cos(Math.PI / 2 - x), all, 4, 1, 1],
  ['cos', ops.cos, (x) => 1 - 2 * Math.sin(x / 2) ** 2, all, 8, 1, 1],
  ['sign', ops.sign, (x) => (x > 0 ? 1 : -1), all, 0, 0, 0],
  ['abs', ops.abs, (x) => (x > 0 ? x : -x), all, 0, 0, 0],
  ['clamp', (x) => ops.clamp(x, { min: -1, max: 2 }), (x) => ascending(-1, x, 2)[1], all, 0, 0, 0],
  ['alias', ops.alias, (x) => x, all, 0, 0, 0],
  ['stopGradient', ops.stopGradient, (x) => x, all, 0, 0, 0],
  ['scaleGradient', (x) => ops.scaleGradient(x, { by: () => 2 }), (x) => x, all, 0, 0, 0],
];

const draw = (shape: Shape, [low, high]: readonly [number, number], name: string): Tensor => {
  const size = shape.reduce((n, d) => n * d, 1);
  return new Tensor(new Random(5).stream(name).uniform(new Float64Array(size), low, high), shape);
};

function expectRounded(got: Tensor, formula: (i: number) => number, roundings: number, size: number): void {
  expect(got.dtype).toBe('float64');
  got.data.forEach((y, i) => {
    const exact = formula(i);
    const allowed = roundings * 2 ** -52 * Math.max(Math.abs(exact), size);
    if (!(Math.abs(y - exact) <= allowed)) expect.fail(`element ${i} is ${y}, but must be ${exact}`);
  });
}

function expectUlp(got: Tensor, formula: (i: number) => number, ulp: number): void {
  expect(got.dtype).toBe('float32');
  got.data.forEach((y, i) => {
    const off = ulpError(y, formula(i));
    if (!(off <= ulp)) expect.fail(`element ${i} is ${y}, ${off} ULP from ${formula(i)}`);
  });
}

describe.each(rows)('%s', (name, op, formula, range, roundings64, size, ulp32) => {
  const x = draw([50, 60], range, name);
  it('is its formula in float64', () => {
    expectRounded(op(x), (i) => formula(x.data[i]), roundings64, size);
  });
  it(`is within ${ulp32} ULP of it in float32`, () => {
    const narrow = x.to('float32');
    expectUlp(op(narrow), (i) => formula(narrow.data[i]), ulp32);
  });
});

interface BinaryRow {
  readonly name: string;
  readonly op: (a: Tensor, b: Tensor) => Tensor;
  readonly formula: (a: number, b: number) => number;
  readonly roundings64: number;
}

const binary: readonly BinaryRow[] = [
  { name: 'add', op: ops.add, formula: (a, b) => a + b, roundings64: 0 },
  { name: 'sub', op: ops.sub, formula: (a, b) => a - b, roundings64: 0 },
  { name: 'mul', op: ops.mul, formula: (a, b) => a * b, roundings64: 0 },
  { name: 'div', op: ops.div, formula: (a, b) => a / b, roundings64: 0 },
  { name: 'pow', op: ops.pow, formula: (a, b) => Math.exp(b * Math.log(a)), roundings64: 8 },
  { name: 'maximum', op: ops.maximum, formula: (a, b) => ascending(a, b)[1], roundings64: 0 },
  { name: 'greater', op: ops.greater, formula: (a, b) => (a - b > 0 ? 1 : 0), roundings64: 0 },
  { name: 'greaterEqual', op: ops.greaterEqual, formula: (a, b) => (a - b < 0 ? 0 : 1), roundings64: 0 },
  { name: 'less', op: ops.less, formula: (a, b) => (b - a > 0 ? 1 : 0), roundings64: 0 },
  { name: 'lessEqual', op: ops.lessEqual, formula: (a, b) => (b - a < 0 ? 0 : 1), roundings64: 0 },
  { name: 'minimum', op: ops.minimum, formula: (a, b) => ascending(a, b)[0], roundings64: 0 },
];

describe.each(binary)('$name', ({ name, op, formula, roundings64 }) => {
  const a = draw([40, 1], [0.2, 3], `${name} a`);
  const b = draw([50], [-2, 3], `${name} b`);
  it('is its formula in float64, with broadcasting', () => {
    const y = op(a, b);
    expect(y.shape).toEqual([40, 50]);
    expectRounded(y, (i) => formula(a.data[Math.floor(i / 50)], b.data[i % 50]), roundings64, 0);
  });
  it('is its formula rounded once in float32', () => {
    const [p, q] = [a.to('float32'), b.to('float32')];
    // The float64 reference has an error of its own, which can tip a near tie.
    expectUlp(op(p, q), (i) => formula(p.data[Math.floor(i / 50)], q.data[i % 50]), 0.5 + 1e-6);
  });
});

const cube = tensor(
  Float64Array.from({ length: 24 }, (_, i) => Math.sin(7 * i)),
  { shape: [2, 3, 4] },
);
const fiber = (i: number, k: number): number[] => [0, 1, 2].map((j) => cube.at(i, j, k));
const total = (list: readonly number[]): number => list.reduce((a, b) => a + b, 0);
const logTotal = (list: readonly number[]): number => Math.log(total(list.map(Math.exp)));

const reductions: readonly [string, Unary, (list: readonly number[]) => number][] = [
  ['sum', (x) => ops.sum(x, { axes: 1 }), total],
  ['mean', (x) => ops.mean(x, { axes: 1 }), (list) => total(list) / 3],
  ['max', (x) => ops.max(x, { axes: 1 }), (list) => Math.max(...list)],
  ['min', (x) => ops.min(x, { axes: 1 }), (list) => Math.min(...list)],
  ['argmax', (x) => ops.argmax(x, { axis: 1 }), (list) => list.indexOf(Math.max(...list))],
  ['argmin', (x) => ops.argmin(x, { axis: 1 }), (list) => list.indexOf(Math.min(...list))],
  ['logsumexp', (x) => ops.logsumexp(x, { axes: 1 }), logTotal],
];

describe.each(reductions)('%s', (_, op, formula) => {
  it('is its formula over an axis, to rounding in both dtypes', () => {
    for (const dtype of ['float64', 'float32'] as const) {
      const y = op(cube.to(dtype));
      expect(y.shape).toEqual([2, 4]);
      const roundings = 8 * (dtype === 'float64' ? 2 ** -52 : 2 ** -23);
      y.data.forEach((value, i) => {
        expect(Math.abs(value - formula(fiber(Math.floor(i / 4), i % 4)))).toBeLessThanOrEqual(roundings);
      });
    }
  });
});

const normalizations: readonly [string, Unary, (x: number, list: readonly number[]) => number][] = [
  ['softmax', (x) => ops.softmax(x, { axes: 1 }), (x, list) => Math.exp(x) / total(list.map(Math.exp))],
  ['logSoftmax', (x) => ops.logSoftmax(x, { axes: 1 }), (x, list) => x - logTotal(list)],
];

describe.each(normalizations)('%s', (_, op, formula) => {
  it('is its formula over an axis, to rounding in both dtypes', () => {
    for (const dtype of ['float64', 'float32'] as const) {
      const y = op(cube.to(dtype));
      expect(y.shape).toEqual(cube.shape);
      const roundings = 8 * (dtype === 'float64' ? 2 ** -52 : 2 ** -23);
      y.data.forEach((value, i) => {
        const list = fiber(Math.floor(i / 12), i % 4);
        expect(Math.abs(value - formula(cube.data[i], list))).toBeLessThanOrEqual(roundings);
      });
    }
  });
});

const m = tensor([
  [1, 2, 3],
  [4, 5, 6],
]);
const examples: readonly [string, () => Tensor, NestedNumbers][] = [
  ['where', () => ops.where(tensor([1, 0, -2]), tensor([1, 2, 3]), 9), [1, 9, 3]],
  [
    'cast',
    () => ops.cast(tensor([0.1, -2], { dtype: 'float64' }), { dtype: 'float32' }),
    [Math.fround(0.1), -2],
  ],
  [
    'matmul',
    () => ops.matmul(m, m, { transposeB: true }),
    [
      [14, 32],
      [32, 77],
    ],
  ],
  [
    'matmul',
    () => ops.matmul(m, m, { transposeA: true }),
    [
      [17, 22, 27],
      [22, 29, 36],
      [27, 36, 45],
    ],
  ],
  ['matmul', () => ops.matmul(tensor([[[1, 2]], [[3, 4]]]), tensor([[1], [10]])), [[[21]], [[43]]]],
  [
    'reshape',
    () => ops.reshape(m, { shape: [-1, 2] }),
    [
      [1, 2],
      [3, 4],
      [5, 6],
    ],
  ],
  [
    'transpose',
    () => ops.transpose(m),
    [
      [1, 4],
      [2, 5],
      [3, 6],
    ],
  ],
  [
    'transpose',
    () => ops.transpose(tensor([[[1, 2]], [[3, 4]]]), { axes: [2, 0, 1] }),
    [
      [[1], [3]],
      [[2], [4]],
    ],
  ],
  [
    'broadcastTo',
    () => ops.broadcastTo(tensor([[1], [2]]), { shape: [2, 2, 2] }),
    [
      [
        [1, 1],
        [2, 2],
      ],
      [
        [1, 1],
        [2, 2],
      ],
    ],
  ],
  [
    'linear',
    () =>
      ops.linear(
        m,
        tensor([
          [1, 0, -1],
          [2, 1, 0],
          [-1, 0, 0],
        ]),
        tensor([10, 20, 2]),
      ),
    [
      [8, 24, 1],
      [8, 33, -2],
    ],
  ],
  [
    'linear',
    () =>
      ops.linear(
        m,
        tensor([
          [1, 0, -1],
          [2, 1, 0],
          [-1, 0, 0],
        ]),
        tensor([10, 20, 2]),
        { activation: 'relu' },
      ),
    [
      [8, 24, 1],
      [8, 33, 0],
    ],
  ],
  ['slice', () => ops.slice(m, { start: [-1, 0], step: [1, 2] }), [[4, 6]]],
  ['slice', () => ops.slice(m, { stop: [1, -1] }), [[1, 2]]],
  [
    'slice',
    () => ops.slice(m),
    [
      [1, 2, 3],
      [4, 5, 6],
    ],
  ],
  ['unslice', () => ops.unslice(tensor([7, 8]), { shape: [5], start: [1], step: [2] }), [0, 7, 0, 8, 0]],
  [
    'gather',
    () => ops.gather(m, { indices: [2, 0, 2], axis: -1 }),
    [
      [3, 1, 3],
      [6, 4, 6],
    ],
  ],
  [
    'scatterAdd',
    () => ops.scatterAdd(m, { indices: [1, 1], size: 3 }),
    [
      [0, 0, 0],
      [5, 7, 9],
      [0, 0, 0],
    ],
  ],
  [
    'concat',
    () => ops.concat([m, tensor([[7], [8]])], { axis: 1 }),
    [
      [1, 2, 3, 7],
      [4, 5, 6, 8],
    ],
  ],
  [
    'stack',
    () => ops.stack([tensor([1, 2]), tensor([3, 4])], { axis: -1 }),
    [
      [1, 3],
      [2, 4],
    ],
  ],
  ['stack', () => ops.stack([1, 2, 3]), [1, 2, 3]],
  [
    'argmax',
    () =>
      ops.argmax(
        tensor([
          [1, 5],
          [5, 2],
        ]),
      ),
    1,
  ],
  [
    'cast',
    () => ops.cast(tensor([0.1, -2], { dtype: 'float64' }), { dtype: 'float32' }),
    [Math.fround(0.1), -2],
  ],
  ['argmax', () => ops.argmax(tensor([3, Number.NaN, 7, Number.NaN])), 1],
  [
    'argmin',
    () =>
      ops.argmin(
        tensor([
          [4, 1],
          [-0, 0],
        ]),
        { axis: 1, keepDims: true },
      ),
    [[1], [0]],
  ],
  ['argmin', () => ops.argmin(tensor([3, Number.NaN, -7])), 1],
  [
    'cumsum',
    () => ops.cumsum(m),
    [
      [1, 2, 3],
      [5, 7, 9],
    ],
  ],
  [
    'cumsum',
    () => ops.cumsum(m, { axis: -1, reverse: true }),
    [
      [6, 5, 3],
      [15, 11, 6],
    ],
  ],
  [
    'solveTriangular',
    () =>
      ops.solveTriangular(
        tensor([
          [2, 9],
          [1, 4],
        ]),
        tensor([2, 9]),
      ),
    [1, 2],
  ],
  [
    'solveTriangular',
    () =>
      ops.solveTriangular(
        tensor([
          [2, 9],
          [1, 4],
        ]),
        tensor([
          [4, 8],
          [1, 4],
        ]),
        { transpose: true },
      ),
    [
      [1, 2],
      [0, 1],
    ],
  ],
  [
    'flip',
    () => ops.flip(m),
    [
      [6, 5, 4],
      [3, 2, 1],
    ],
  ],
  [
    'flip',
    () => ops.flip(m, { axis: 0 }),
    [
      [4, 5, 6],
      [1, 2, 3],
    ],
  ],
  ['equalTo', () => ops.equalTo(tensor([0, 1, Number.NaN, 2]), tensor([-0, 2, Number.NaN, 2])), [1, 0, 0, 1]],
  [
    'notEqual',
    () => ops.notEqual(tensor([0, 1, Number.NaN, 2]), tensor([-0, 2, Number.NaN, 2])),
    [0, 1, 1, 0],
  ],
  ['squaredDifference', () => ops.squaredDifference(tensor([2]), tensor([2, 5, -1])), [0, 9, 9]],
];

describe.each(examples)('%s', (_, call, expected) => {
  it(`gives ${JSON.stringify(expected)}`, () => {
    expect(call().toArray()).toEqual(expected);
  });
});

it('every op has its values tested here', () => {
  const tested = [rows.map(([name]) => name), binary.map((r) => r.name)].flat();
  const others = [...reductions, ...normalizations, ...examples].map(([name]) => name);
  const exported = Object.entries(ops).flatMap(([name, f]) =>
    typeof f === 'function' && 'op' in f ? [name] : [],
  );
  expect([...new Set([...tested, ...others])].sort()).toEqual(exported.sort());
});

it('scaleGradient asks for its factor when the gradient comes, and needs a function', () => {
  let factor = tensor([[1], [1]]);
  const x = variable(
    tensor([
      [1, 2],
      [3, 4],
    ]),
  );
  const loss = ops.sum(ops.square(ops.scaleGradient(x, { by: () => factor })));
  factor = tensor([[10], [-1]]);
  expect(backward(loss).get(x).toArray()).toEqual([
    [20, 40],
    [-6, -8],
  ]);
  expect(() => Reflect.apply(ops.scaleGradient, null, [x, { by: 2 }])).toThrow(
    'scaleGradient: needs a function, as in scaleGradient(x, { by: () => weights })',
  );
});
