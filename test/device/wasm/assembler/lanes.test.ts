import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { defineFunction, f32, f32x4, i32, i32x4, v128 } from '../../../../src/device/wasm/assembler/index.js';
import { edges, expectSameBits, float32s } from '../bits.js';
import { instantiate } from './engine.js';
import { f32x4Cases, i32x4Cases, type LaneCase, v128Cases } from './lane-cases.js';

const limits = { initial: 1 };
const [A, B, C, OUT] = [64, 80, 96, 112];
const at = (address: number) => v128.load(i32.const(address));

const int32s = fc.oneof(
  fc.constantFrom(0, 1, -1, 31, 2 ** 31 - 1, -(2 ** 31), 2 ** 24 + 1),
  fc.integer({ min: -40, max: 40 }),
  fc.integer(),
);
const four = <T>(element: fc.Arbitrary<T>) => fc.array(element, { minLength: 4, maxLength: 4 });

describe.each([
  { group: 'f32x4', cases: Object.entries<LaneCase>(f32x4Cases) },
  { group: 'i32x4', cases: Object.entries<LaneCase>(i32x4Cases) },
  { group: 'v128', cases: Object.entries<LaneCase>(v128Cases) },
])('$group', ({ cases }) => {
  const functions = cases.map(([name, { emit }]) =>
    defineFunction(name, 0, () => [v128.store(i32.const(OUT), emit(at(A), at(B), at(C)))]),
  );
  const { run, floats, integers } = instantiate(limits, functions);

  it.each(cases)('%s', (name, { from, to, lane }) => {
    const operand = four(from === 'f32' ? float32s : int32s);
    const input = from === 'f32' ? floats : integers;
    const output = to === 'f32' ? floats : integers;
    fc.assert(
      fc.property(operand, operand, operand, (a, b, c) => {
        input.set([...a, ...b, ...c], A / 4);
        run(name);
        const expected = a.map((x, k) => lane(x, b[k], c[k]));
        expectSameBits(output.subarray(OUT / 4, OUT / 4 + 4), expected);
      }),
      { numRuns: 300 },
    );
  });
});

describe('shifts', () => {
  const shifts = {
    shl: (x: number, by: number) => x << by,
    shrS: (x: number, by: number) => x >> by,
    shrU: (x: number, by: number) => (x >>> by) | 0,
  };
  const names = ['shl', 'shrS', 'shrU'] as const;
  const functions = names.map((name) =>
    defineFunction(name, 1, ([by]) => [v128.store(i32.const(OUT), i32x4[name](at(A), by))]),
  );
  const { run, integers } = instantiate(limits, functions);

  it.each(names)('i32x4.%s moves every lane by the count modulo 32', (name) => {
    fc.assert(
      fc.property(four(int32s), int32s, (a, by) => {
        integers.set(a, A / 4);
        run(name, by);
        const expected = a.map((x) => shifts[name](x, by));
        expect([...integers.subarray(OUT / 4, OUT / 4 + 4)]).toEqual(expected);
      }),
      { numRuns: 300 },
    );
  });
});

describe('lanes', () => {
  it('v128.anyTrue tells whether any bit is set', () => {
    const any = defineFunction('any', 0, () => [i32.store(i32.const(OUT), v128.anyTrue(at(A)))]);
    const { run, integers } = instantiate(limits, [any]);
    fc.assert(
      fc.property(four(fc.constantFrom(0, 0, 0, 1, -(2 ** 31))), (a) => {
        integers.set(a, A / 4);
        run('any');
        expect(integers[OUT / 4]).toBe(a.some((x) => x !== 0) ? 1 : 0);
      }),
    );
  });

  it('f32x4.all and i32x4.all hold a number in every lane, to the bit', () => {
    const ints = [0, 1, -1, 255, -256, 0x12345678, 2 ** 31 - 1, -(2 ** 31), 0x3f3504f3];
    const write = defineFunction('write', 0, () => [
      ...edges.map((x, k) => v128.store(i32.const(1024 + 16 * k), f32x4.all(x))),
      ...ints.map((n, k) => v128.store(i32.const(8192 + 16 * k), i32x4.all(n))),
    ]);
    const { run, floats, integers } = instantiate(limits, [write]);
    run('write');
    edges.forEach((x, k) => {
      expectSameBits(floats.subarray(256 + 4 * k, 260 + 4 * k), [x, x, x, x]);
    });
    ints.forEach((n, k) => {
      expect([...integers.subarray(2048 + 4 * k, 2052 + 4 * k)]).toEqual([n, n, n, n]);
    });
  });

  it('splat puts a number in every lane', () => {
    const splat = defineFunction('splat', 1, ([n]) => [
      v128.store(OUT, i32x4.splat(n)),
      v128.store(OUT, f32x4.splat(f32.load(A)), 16),
    ]);
    const { run, floats, integers } = instantiate(limits, [splat]);
    fc.assert(
      fc.property(int32s, float32s, (n, x) => {
        floats[A / 4] = x;
        run('splat', n);
        expect([...integers.subarray(OUT / 4, OUT / 4 + 4)]).toEqual([n, n, n, n]);
        expectSameBits(floats.subarray(OUT / 4 + 4, OUT / 4 + 8), [x, x, x, x]);
      }),
    );
  });

  it('shuffle picks any lanes of both', () => {
    const picks = [
      [0, 1, 2, 3],
      [4, 5, 6, 7],
      [0, 4, 1, 5],
      [2, 6, 3, 7],
      [0, 1, 4, 5],
      [7, 0, 7, 3],
    ] as const;
    const shuffle = defineFunction('shuffle', 0, () =>
      picks.map((lanes, k) => v128.store(i32.const(OUT + 16 * k), v128.shuffle(at(A), at(B), lanes))),
    );
    const { run, floats } = instantiate(limits, [shuffle]);
    fc.assert(
      fc.property(four(float32s), four(float32s), (a, b) => {
        floats.set([...a, ...b], A / 4);
        run('shuffle');
        const expected = picks.flatMap((lanes) => lanes.map((lane) => [...a, ...b][lane]));
        expectSameBits(floats.subarray(OUT / 4, OUT / 4 + expected.length), expected);
      }),
    );
  });

  it('extractLane, load and load32Splat read what stands there, at any offset', () => {
    const read = defineFunction('read', 2, ([from, to]) => [
      v128.store(to, v128.load(from)),
      v128.store(to, v128.load(from, 20), 16),
      v128.store(to, v128.load32Splat(from), 32),
      v128.store(to, v128.load32Splat(from, 12), 48),
      ...[3, 1, 0, 2].map((lane, k) =>
        v128.store(to, f32x4.splat(f32x4.extractLane(v128.load(from), lane)), 64 + 16 * k),
      ),
    ]);
    const { run, floats } = instantiate(limits, [read]);
    const splat = (x: number) => [x, x, x, x];
    fc.assert(
      fc.property(fc.array(float32s, { minLength: 9, maxLength: 9 }), fc.nat(50), (x, shift) => {
        const start = 100 + shift;
        floats.set(x, start);
        run('read', 4 * start, 4096);
        const expected = [
          ...x.slice(0, 4),
          ...x.slice(5, 9),
          ...[0, 3, 3, 1, 0, 2].flatMap((k) => splat(x[k])),
        ];
        expectSameBits(floats.subarray(1024, 1024 + expected.length), expected);
      }),
    );
  });

  it('store32Lane writes one lane, at any offset', () => {
    const write = defineFunction('write', 1, ([to]) => [
      ...[3, 1, 0, 2].map((lane, k) => v128.store32Lane(to, at(A), lane, 8 * k)),
      v128.store32Lane(to, at(A), 2),
    ]);
    const { run, floats } = instantiate(limits, [write]);
    fc.assert(
      fc.property(four(float32s), fc.nat(50), (x, shift) => {
        floats.set(x, A / 4);
        const start = 100 + shift;
        floats.fill(7, start, start + 8);
        run('write', 4 * start);
        expectSameBits(floats.subarray(start, start + 8), [x[2], 7, x[1], 7, x[0], 7, x[2], 7]);
      }),
    );
  });
});
