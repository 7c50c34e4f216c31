import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import * as math from '../../../src/tensor/math/index.js';
import {
  allExponents,
  bitsOf,
  bothSigns,
  checksum,
  fromBits,
  LARGEST,
  SMALLEST_DENORMAL,
  spread,
  ulpError,
  worstUlp,
} from './ulp.js';

const everywhere = allExponents(200_000);

/**
 * Each function: its largest error in ULP, where to look closely besides all exponents, and the checksum of its
 * results there.
 */
const functions: [name: string, fn: math.ScalarFunction, bound: number, dense: Float32Array, sum: string][] =
  [
    ['exp', math.exp, 1.1, bothSigns(spread(1e-3, 104, 100_000)), '2b6297a7'],
    ['log', math.log, 1, spread(0.25, 4, 200_000), '7e78de3c'],
    ['tanh', math.tanh, 1.5, spread(1e-2, 10, 200_000), '2434c29e'],
    ['sigmoid', math.sigmoid, 2.5, bothSigns(spread(1e-2, 104, 100_000)), 'cf77664c'],
    ['softplus', math.softplus, 2, bothSigns(spread(1e-2, 104, 100_000)), '44b08a66'],
    ['expm1', math.expm1, 0.5001, bothSigns(spread(1e-2, 90, 100_000)), 'fe390170'],
    ['expResidual', math.expResidual, 4, bothSigns(spread(1e-2, 90, 100_000)), '2080d34f'],
    ['log1p', math.log1p, 0.5001, bothSigns(spread(1e-2, 1, 100_000)), '4754f992'],
    ['sin', math.sin, 0.5001, spread(1e-2, 1e4, 200_000), 'f00b224a'],
    ['cos', math.cos, 0.5001, spread(1e-2, 1e4, 200_000), 'd12f84e4'],
    ['erf', math.erf, 0.501, spread(1e-2, 4, 200_000), 'd6108d9e'],
    ['erfc', math.erfc, 0.501, bothSigns(spread(1e-2, 11, 100_000)), '7be4f95d'],
    ['normalCdf', math.normalCdf, 0.501, bothSigns(spread(1e-2, 15, 100_000)), 'cb9d8c10'],
  ];

describe.each(functions)('%s', (_, { f32, f64 }, bound, dense, sum) => {
  const points = joined(everywhere, dense);
  const got = points.map(f32);
  const exact = points.map(f64);

  test(`is within ${bound} ULP of the float64 form`, () => {
    expect(worstUlp(got, exact)).toBeLessThan(bound);
  });

  test('would be refused if it were off by three parts in ten million', () => {
    expect(
      worstUlp(
        Float32Array.from(got, (y) => y * (1 + 3e-7)),
        exact,
      ),
    ).toBeGreaterThan(bound);
  });

  test('gives float32 values, whose bits never change', () => {
    expect(got.every((y) => Object.is(Math.fround(y), y))).toBe(true);
    expect(checksum(got)).toBe(sum);
  });
});

test('pow is within 0.51 ULP of the float64 form, for all finite results', () => {
  const bases = spread(SMALLEST_DENORMAL, LARGEST, 1000);
  const exponents = [...spread(1e-3, 200, 150)].flatMap((y) => [y, -y]);
  let worst = 0;
  for (const x of bases)
    for (const y of exponents) worst = Math.max(worst, ulpError(math.pow.f32(x, y), x ** y));
  expect(worst).toBeLessThan(0.51);
});

describe('pow of an exponent that has a simpler form', () => {
  const f = Math.fround;
  const bases = fc.float();
  test.each<[y: number, power: (x: number) => number]>([
    [-1, (x) => f(1 / x)],
    [0.5, (x) => (x === Number.NEGATIVE_INFINITY ? -x : f(Math.sqrt(x + 0)))],
    [1, (x) => x],
    [2, (x) => f(x * x)],
  ])('pow(x, %s) has its bits', (y, power) => {
    fc.assert(
      fc.property(bases, (x) => {
        expect(math.pow.f32(x, y)).toBe(power(x));
      }),
      { numRuns: 2000 },
    );
  });

  test.each([-2, -0.5, 3])('pow(x, %s) is the nearest float32 but for rare near ties', (y) => {
    const points = Float64Array.from(y === -0.5 ? spread(2 ** -149, LARGEST, 50_000) : allExponents(50_000));
    expect(
      worstUlp(
        points.map((x) => math.pow.f32(x, y)),
        points.map((x) => math.pow.f64(x, y)),
      ),
    ).toBeLessThan(0.5001);
  });
});

describe('order is kept', () => {
  const finite = fc.float({ noNaN: true, noDefaultInfinity: true });

  test.each([
    ['exp', math.exp.f32, finite],
    [
      'log',
      math.log.f32,
      fc.float({ min: Math.fround(SMALLEST_DENORMAL), noNaN: true, noDefaultInfinity: true }),
    ],
  ] as const)('%s of a larger neighbour is not smaller', (_, f32, points) => {
    fc.assert(
      fc.property(points, (x) => {
        const next = x === 0 ? SMALLEST_DENORMAL : fromBits(bitsOf(x) + (x > 0 ? 1 : -1));
        expect(f32(next)).toBeGreaterThanOrEqual(f32(x));
      }),
      { numRuns: 10_000 },
    );
  });
});

function joined(a: Float32Array, b: Float32Array): Float64Array {
  const out = new Float64Array(a.length + b.length);
  out.set(a);
  out.set(b, a.length);
  return out;
}
