import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  defineFunction,
  f64x2,
  i32,
  i64x2,
  type V128,
  v128,
} from '../../../../src/device/wasm/assembler/index.js';
import { edges, expectSameBits, float32s } from '../bits.js';
import { instantiate } from './engine.js';

const [A, B, OUT] = [64, 80, 112];
const at = (address: number): V128 => v128.load(i32.const(address));

/** Runs an expression on two registers, in a memory of its own. */
function running(emit: (a: V128, b: V128) => V128) {
  const { run, integers, floats } = instantiate({ initial: 1 }, [
    defineFunction('run', 0, () => [v128.store(i32.const(OUT), emit(at(A), at(B)))]),
  ]);
  const doubles = new Float64Array(floats.buffer);
  const longs = new BigInt64Array(floats.buffer);
  return { run: () => run('run'), integers, floats, doubles, longs };
}

const float64s = fc.oneof(fc.constantFrom(...edges, 1e300, -1e-310), fc.double({ noNaN: true }));
const pair = <T>(element: fc.Arbitrary<T>) => fc.tuple(element, element);
const four = fc.tuple(float32s, float32s, float32s, float32s);

const expected = {
  floor: Math.floor,
  abs: Math.abs,
  sqrt: Math.sqrt,
  add: (a: number, b: number) => a + b,
  sub: (a: number, b: number) => a - b,
  mul: (a: number, b: number) => a * b,
  div: (a: number, b: number) => a / b,
  pmin: (a: number, b: number) => (b < a ? b : a),
  pmax: (a: number, b: number) => (a < b ? b : a),
};
const tests = {
  eq: (a: number, b: number) => a === b,
  lt: (a: number, b: number) => a < b,
  gt: (a: number, b: number) => a > b,
  ge: (a: number, b: number) => a >= b,
};
const names = <K extends string>(table: Readonly<Record<K, unknown>>): K[] => Object.keys(table) as K[];

describe('f64x2', () => {
  it.each(names(expected))('%s', (name) => {
    const f: (a: number, b: number) => number = expected[name];
    const emit: (a: V128, b: V128) => V128 = f64x2[name];
    const { run, doubles } = running(emit);
    fc.assert(
      fc.property(pair(float64s), pair(float64s), (a, b) => {
        doubles.set([...a, ...b], A / 8);
        run();
        expectSameBits(
          doubles.subarray(OUT / 8, OUT / 8 + 2),
          a.map((x, i) => f(x, b[i])),
        );
      }),
    );
  });

  it.each(names(tests))('%s', (name) => {
    const { run, doubles, longs } = running(f64x2[name]);
    fc.assert(
      fc.property(pair(float64s), pair(float64s), (a, b) => {
        doubles.set([...a, ...b], A / 8);
        run();
        const masks = a.map((x, i) => (tests[name](x, b[i]) ? -1n : 0n));
        expect([...longs.subarray(OUT / 8, OUT / 8 + 2)]).toEqual(masks);
      }),
    );
  });

  it('promotes either half of four floats exactly, and rounds two registers to four floats', () => {
    const low = running(f64x2.promoteLow);
    const high = running(f64x2.promoteHigh);
    const both = running(f64x2.demote);
    const zero = running(f64x2.demoteZero);
    fc.assert(
      fc.property(four, pair(float64s), pair(float64s), (x, a, b) => {
        for (const [half, values] of [
          [low, x.slice(0, 2)],
          [high, x.slice(2)],
        ] as const) {
          half.floats.set(x, A / 4);
          half.run();
          expectSameBits(half.doubles.subarray(OUT / 8, OUT / 8 + 2), values);
        }
        for (const [kernel, values] of [
          [both, [...a, ...b]],
          [zero, [...a, 0, 0]],
        ] as const) {
          kernel.doubles.set([...a, ...b], A / 8);
          kernel.run();
          expectSameBits(kernel.floats.subarray(OUT / 4, OUT / 4 + 4), values.map(Math.fround));
        }
      }),
    );
  });

  it('has constants, and takes either half of four integers', () => {
    const halves = { convertLowI32x4: [-7, 2 ** 31 - 1], convertHighI32x4: [5, -(2 ** 31)] } as const;
    for (const name of names(halves)) {
      const convert = running(f64x2[name]);
      convert.integers.set([-7, 2 ** 31 - 1, 5, -(2 ** 31)], A / 4);
      convert.run();
      expectSameBits(convert.doubles.subarray(OUT / 8, OUT / 8 + 2), halves[name]);
    }
    for (const x of [...edges, Math.PI, 1.5 * 2 ** 52]) {
      const constant = running(() => f64x2.all(x));
      constant.run();
      expectSameBits(constant.doubles.subarray(OUT / 8, OUT / 8 + 2), [x, x]);
    }
  });
});

describe('i64x2', () => {
  const longs = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });
  it.each(['add', 'sub'] as const)('%s wraps around', (name) => {
    const kernel = running(i64x2[name]);
    fc.assert(
      fc.property(pair(longs), pair(longs), (a, b) => {
        kernel.longs.set([...a, ...b], A / 8);
        kernel.run();
        const sums = a.map((x, i) => BigInt.asIntN(64, name === 'add' ? x + b[i] : x - b[i]));
        expect([...kernel.longs.subarray(OUT / 8, OUT / 8 + 2)]).toEqual(sums);
      }),
    );
  });

  it('shifts, extends with the sign, and has constants', () => {
    const shifted = running((a) => i64x2.shl(a, i32.const(52)));
    shifted.longs.set([1023n, -5n], A / 8);
    shifted.run();
    expect([...shifted.longs.subarray(OUT / 8, OUT / 8 + 2)]).toEqual(
      [1023n, -5n].map((x) => BigInt.asIntN(64, x << 52n)),
    );
    const signs = running((a) => i64x2.shrS(a, i32.const(60)));
    signs.longs.set([-(2n ** 63n), 2n ** 62n], A / 8);
    signs.run();
    expect([...signs.longs.subarray(OUT / 8, OUT / 8 + 2)]).toEqual([-8n, 4n]);
    const extended = running(i64x2.extendLowI32x4);
    extended.integers.set([-3, 9, 1, 1], A / 4);
    extended.run();
    expect([...extended.longs.subarray(OUT / 8, OUT / 8 + 2)]).toEqual([-3n, 9n]);
    const constant = running(() => i64x2.all(2 ** 40 + 1));
    constant.run();
    expect([...constant.longs.subarray(OUT / 8, OUT / 8 + 2)]).toEqual([2n ** 40n + 1n, 2n ** 40n + 1n]);
  });
});
