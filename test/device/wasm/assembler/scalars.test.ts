import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { defineFunction, type F32, f32, type I32, i32 } from '../../../../src/device/wasm/assembler/index.js';
import { edges, expectSameBits, float32s } from '../bits.js';
import { instantiate } from './engine.js';

const limits = { initial: 1 };
const [A, B, OUT] = [48, 52, 64];
const fround = Math.fround;
const int32s = fc.oneof(
  fc.constantFrom(0, 1, -1, 31, 32, 2 ** 31 - 1, -(2 ** 31)),
  fc.integer({ min: -40, max: 40 }),
  fc.integer(),
);

interface Case<T> {
  readonly emit: (a: T, b: T) => I32 | F32;
  readonly value: (a: number, b: number) => number;
}
/** A case for every instruction but constants and memory accesses, which have tests of their own. */
type CasesFor<G, T> = Readonly<Record<Exclude<keyof G, 'const' | 'load' | 'store'>, Case<T>>>;

const i32Cases: CasesFor<typeof i32, I32> = {
  eqz: { emit: i32.eqz, value: (a) => Number(a === 0) },
  eq: { emit: i32.eq, value: (a, b) => Number(a === b) },
  ne: { emit: i32.ne, value: (a, b) => Number(a !== b) },
  lt: { emit: i32.lt, value: (a, b) => Number(a < b) },
  gt: { emit: i32.gt, value: (a, b) => Number(a > b) },
  ge: { emit: i32.ge, value: (a, b) => Number(a >= b) },
  add: { emit: i32.add, value: (a, b) => (a + b) | 0 },
  sub: { emit: i32.sub, value: (a, b) => (a - b) | 0 },
  mul: { emit: i32.mul, value: Math.imul },
  and: { emit: i32.and, value: (a, b) => a & b },
  shl: { emit: i32.shl, value: (a, b) => a << b },
  shrS: { emit: i32.shrS, value: (a, b) => a >> b },
};

const f32Cases: CasesFor<typeof f32, F32> = {
  ne: { emit: f32.ne, value: (a, b) => Number(a !== b) },
  add: { emit: f32.add, value: (a, b) => fround(a + b) },
};

const keep = (result: I32 | F32) => (result.type === 'i32' ? i32.store(OUT, result) : f32.store(OUT, result));

describe('i32', () => {
  const cases = Object.entries<Case<I32>>(i32Cases);
  const functions = cases.map(([name, { emit }]) => defineFunction(name, 2, ([a, b]) => [keep(emit(a, b))]));
  const { run, integers } = instantiate(limits, functions);

  it.each(cases)('%s', (name, { value }) => {
    fc.assert(
      fc.property(int32s, fc.option(int32s), (a, other) => {
        // Equal operands, too.
        const b = other ?? a;
        run(name, a, b);
        expect(integers[OUT / 4]).toBe(value(a, b));
      }),
      { numRuns: 300 },
    );
  });
});

describe('f32', () => {
  const cases = Object.entries<Case<F32>>(f32Cases);
  const functions = cases.map(([name, { emit }]) =>
    defineFunction(name, 0, () => [keep(emit(f32.load(A), f32.load(B)))]),
  );
  const { run, integers, floats } = instantiate(limits, functions);

  it.each(cases)('%s', (name, { value }) => {
    const output = name === 'ne' ? integers : floats;
    fc.assert(
      fc.property(float32s, fc.option(float32s), (a, other) => {
        const b = other ?? a;
        floats.set([a, b], A / 4);
        run(name);
        expectSameBits([output[OUT / 4]], [value(a, b)]);
      }),
      { numRuns: 300 },
    );
  });
});

describe('constants', () => {
  it('are the numbers they were made of, to the bit', () => {
    const ints = fc.sample(int32s, { numRuns: 200, seed: 1 });
    const reals = [...edges, ...fc.sample(float32s, { numRuns: 200, seed: 1 })];
    const write = defineFunction('write', 0, () => [
      ...ints.map((n, k) => i32.store(i32.const(64 + 4 * k), i32.const(n))),
      ...reals.map((x, k) => f32.store(i32.const(4096 + 4 * k), f32.const(x))),
    ]);
    const { run, integers, floats } = instantiate(limits, [write]);
    run('write');
    expect([...integers.subarray(16, 16 + ints.length)]).toEqual(ints);
    expectSameBits(floats.subarray(1024, 1024 + reals.length), reals);
  });

  it('of float64 numbers are rounded to float32', () => {
    const write = defineFunction('write', 0, () => [
      f32.store(i32.const(OUT), f32.const(0.1)),
      f32.store(i32.const(OUT), f32.const(1e300), 4),
    ]);
    const { run, floats } = instantiate(limits, [write]);
    run('write');
    expectSameBits(floats.subarray(OUT / 4, OUT / 4 + 2), [fround(0.1), Number.POSITIVE_INFINITY]);
  });
});

describe('load and store', () => {
  it('reach an address plus an offset', () => {
    const offsets = [0, 4, 124, 128, 16384];
    const move = defineFunction('move', 2, ([from, to]) =>
      offsets.flatMap((offset) => [
        i32.store(to, i32.load(from, offset), offset),
        f32.store(to, f32.load(from, offset + 8), offset + 8),
      ]),
    );
    const { run, integers } = instantiate(limits, [move]);
    const written = offsets.flatMap((offset) => [offset, offset + 8]);
    written.forEach((offset, k) => {
      integers[(1024 + offset) / 4] = 1000 + k;
    });
    run('move', 1024, 32768);
    expect(written.map((offset) => integers[(32768 + offset) / 4])).toEqual(written.map((_, k) => 1000 + k));
    expect(integers.subarray(8192).filter((n) => n !== 0)).toHaveLength(written.length);
  });
});
