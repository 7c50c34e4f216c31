import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import * as math from '../../../src/tensor/math/index.js';

const INF = Number.POSITIVE_INFINITY;
const NAN = Number.NaN;
const TINY = 2 ** -149;
const SMALL = Math.fround(1e-30);
const LARGE = Math.fround(1e30);

/** Exact answers: name, argument, value. Both element types must give them. */
const exact: [name: keyof typeof functions, x: number, y: number][] = [
  ['exp', 0, 1],
  ['exp', -0, 1],
  ['exp', INF, INF],
  ['exp', -INF, 0],
  ['exp', SMALL, 1],
  ['exp', LARGE, INF],
  ['exp', -LARGE, 0],
  ['exp', TINY, 1],
  ['log', 1, 0],
  ['log', 0, -INF],
  ['log', -0, -INF],
  ['log', INF, INF],
  ['log', -1, NAN],
  ['log', -TINY, NAN],
  ['log', -INF, NAN],
  ['expm1', 0, 0],
  ['expm1', -0, -0],
  ['expm1', SMALL, SMALL],
  ['expm1', -SMALL, -SMALL],
  ['expm1', TINY, TINY],
  ['expm1', INF, INF],
  ['expm1', -INF, -1],
  ['expm1', LARGE, INF],
  ['expm1', -LARGE, -1],
  ['log1p', 0, 0],
  ['log1p', -0, -0],
  ['log1p', SMALL, SMALL],
  ['log1p', -SMALL, -SMALL],
  ['log1p', TINY, TINY],
  ['log1p', -1, -INF],
  ['log1p', -1.5, NAN],
  ['log1p', INF, INF],
  ['log1p', -INF, NAN],
  ['tanh', 0, 0],
  ['tanh', -0, -0],
  ['tanh', SMALL, SMALL],
  ['tanh', -SMALL, -SMALL],
  ['tanh', TINY, TINY],
  ['tanh', INF, 1],
  ['tanh', -INF, -1],
  ['tanh', LARGE, 1],
  ['tanh', -LARGE, -1],
  ['sigmoid', 0, 0.5],
  ['sigmoid', -0, 0.5],
  ['sigmoid', INF, 1],
  ['sigmoid', -INF, 0],
  ['sigmoid', LARGE, 1],
  ['sigmoid', -LARGE, 0],
  ['sigmoid', 40, 1],
  ['softplus', INF, INF],
  ['softplus', -INF, 0],
  ['softplus', LARGE, LARGE],
  ['softplus', -LARGE, 0],
  ['softplus', 50, 50],
  ['sin', 0, 0],
  ['sin', -0, -0],
  ['sin', SMALL, SMALL],
  ['sin', -TINY, -TINY],
  ['sin', INF, NAN],
  ['sin', -INF, NAN],
  ['cos', 0, 1],
  ['cos', -0, 1],
  ['cos', SMALL, 1],
  ['cos', INF, NAN],
  ['cos', -INF, NAN],
  ['erf', 0, 0],
  ['erf', -0, -0],
  ['erf', INF, 1],
  ['erf', -INF, -1],
  ['erf', LARGE, 1],
  ['erf', -LARGE, -1],
  ['erfc', 0, 1],
  ['erfc', INF, 0],
  ['erfc', -INF, 2],
  ['erfc', LARGE, 0],
  ['erfc', -LARGE, 2],
  ['normalCdf', 0, 0.5],
  ['normalCdf', -0, 0.5],
  ['normalCdf', INF, 1],
  ['normalCdf', -INF, 0],
  ['normalCdf', LARGE, 1],
  ['normalCdf', -LARGE, 0],
];

const functions = {
  exp: math.exp,
  log: math.log,
  expm1: math.expm1,
  log1p: math.log1p,
  tanh: math.tanh,
  sigmoid: math.sigmoid,
  softplus: math.softplus,
  sin: math.sin,
  cos: math.cos,
  erf: math.erf,
  erfc: math.erfc,
  normalCdf: math.normalCdf,
};

test.each(exact)('%s(%s) is %s', (name, x, y) => {
  const { f32, f64 } = functions[name];
  expect(f32(x)).toBe(y);
  expect(f64(x)).toBe(y);
});

test.each(Object.entries(functions))('%s of NaN is NaN', (_, { f32, f64 }) => {
  expect(f32(NAN)).toBeNaN();
  expect(f64(NAN)).toBeNaN();
});

test('exp underflows by degrees and overflows at the right place', () => {
  const log2 = (x: number) => Math.fround(x * Math.LN2);
  expect(math.exp.f32(log2(-140))).toBe(2 ** -140);
  expect(math.exp.f32(log2(-149))).toBe(TINY);
  expect(math.exp.f32(-104)).toBe(0);
  expect(math.exp.f32(88.72283172607422)).toBeLessThan(INF);
  expect(math.exp.f32(88.72283935546875)).toBe(INF);
});

test('the left tails of sigmoid and softplus are e^x, down to denormals', () => {
  for (const x of [-20, -50, -87, -100]) {
    expect(math.sigmoid.f32(x)).toBe(math.exp.f32(x));
    expect(math.softplus.f32(x)).toBe(math.exp.f32(x));
  }
  expect(math.softplus.f32(-100)).toBeGreaterThan(0);
});

/** x, y, x^y as IEEE 754-2019 has it (9.2.1). */
const powers: [x: number, y: number, power: number][] = [
  [NAN, 0, 1],
  [NAN, -0, 1],
  [INF, 0, 1],
  [0, 0, 1],
  [1, NAN, 1],
  [1, INF, 1],
  [1, -INF, 1],
  [-1, INF, 1],
  [-1, -INF, 1],
  [NAN, 1, NAN],
  [2, NAN, NAN],
  [0, 3, 0],
  [-0, 3, -0],
  [-0, 2, 0],
  [0, 0.5, 0],
  [-0, 0.5, 0],
  [0, -1, INF],
  [-0, -1, -INF],
  [-0, -2, INF],
  [-0, -0.5, INF],
  [0, INF, 0],
  [0, -INF, INF],
  [-0, -INF, INF],
  [0.5, INF, 0],
  [0.5, -INF, INF],
  [2, INF, INF],
  [2, -INF, 0],
  [-2, INF, INF],
  [-0.5, INF, 0],
  [INF, 2, INF],
  [INF, -2, 0],
  [-INF, 3, -INF],
  [-INF, 2, INF],
  [-INF, -3, -0],
  [-INF, -2, 0],
  [-INF, 0.5, INF],
  [-2, 3, -8],
  [-2, 2, 4],
  [-2, -1, -0.5],
  [-2, 0.5, NAN],
  [-1, 3, -1],
  [-1, 4, 1],
  [-1, 2 ** 24, 1],
  [2, 10, 1024],
  [3, 4, 81],
  [9, 0.5, 3],
  [2, -149, TINY],
  [10, 50, INF],
  [10, -50, 0],
  [-10, 51, -INF],
  [TINY, 1, TINY],
];

test.each(powers)('pow(%s, %s) is %s', (x, y, power) => {
  expect(math.pow.f32(x, y)).toBe(power);
  if (Math.abs(y) !== 50 && y !== 51) expect(math.pow.f64(x, y)).toBe(power);
});

test.each([
  [2 ** 24 - 1, -0.9482326677487682, -0.31757645973239707],
  [1048576.125, 0.4455835824412472, 0.895240342622485],
  [3.6894767978953834e19, 0.6691118465828175, -0.7431617164268703],
  [4.253530093571971e37, 0.8008631669929616, -0.5988473826894494],
  [3.4028234663852886e38, -0.5218765233336585, 0.8530210398303042],
])('sin and cos of %s, computed to 120 digits', (x, sine, cosine) => {
  for (const sign of [1, -1]) {
    expect(math.sin.f32(sign * x)).toBe(Math.fround(sign * sine));
    expect(math.cos.f32(sign * x)).toBe(Math.fround(cosine));
  }
});

test('the literals of the float32 steps are float32 values', () => {
  const folder = new URL('../../../src/tensor/math/', import.meta.url);
  const inSteps = ['exponential.ts', 'hyperbolic.ts', 'logarithm.ts', 'logistic.ts', 'quarter-turn.ts'];
  expect(readdirSync(folder)).toEqual(expect.arrayContaining(inSteps));
  const literals = inSteps.flatMap((file) => {
    const code = readFileSync(new URL(file, folder), 'utf8').replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, '');
    return code.match(/\d+\.\d+(e-?\d+)?/g) ?? [];
  });
  expect(literals.length).toBeGreaterThan(30);
  for (const literal of literals) expect(Math.fround(Number(literal))).toBe(Number(literal));
});
