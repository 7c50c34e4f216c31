import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  countUp,
  defineFunction,
  encodeModule,
  f32,
  f32x4,
  i32,
  repeatWhile,
  type Statement,
  v128,
  when,
} from '../../../../src/device/wasm/assembler/index.js';
import { instantiate } from './engine.js';

const limits = { initial: 1 };

/** Adds 1 to the integer at an address. */
const tick = (address: number): Statement =>
  i32.store(i32.const(address), i32.add(i32.load(i32.const(address)), i32.const(1)));

describe('when', () => {
  it('runs its body if the condition is any integer but 0', () => {
    const f = defineFunction('f', 1, ([condition]) => [when(condition, tick(64), tick(64)), tick(68)]);
    const { run, integers } = instantiate(limits, [f]);
    fc.assert(
      fc.property(fc.oneof(fc.constantFrom(0, 1, -1, -(2 ** 31)), fc.integer()), (condition) => {
        integers.fill(0);
        run('f', condition);
        expect([...integers.subarray(16, 18)]).toEqual([condition === 0 ? 0 : 2, 1]);
      }),
    );
  });
});

describe('repeatWhile and countUp', () => {
  it('run their bodies as often as a for loop does', () => {
    const f = defineFunction('f', 2, ([start, end]) => [
      countUp([start, end, 3], tick(64)),
      i32.store(i32.const(68), start),
      repeatWhile(i32.gt(start, end), tick(72), start.set(i32.sub(start, i32.const(1)))),
    ]);
    const { run, integers } = instantiate(limits, [f]);
    fc.assert(
      fc.property(fc.integer({ min: -50, max: 50 }), fc.integer({ min: -50, max: 50 }), (start, end) => {
        integers.fill(0);
        run('f', start, end);
        let turns = 0;
        let i = start;
        for (; i < end; i += 3) turns++;
        expect([...integers.subarray(16, 19)]).toEqual([turns, i, Math.max(0, i - end)]);
      }),
    );
  });

  it('nest, with conditions inside', () => {
    const f = defineFunction('f', 2, ([rows, columns], locals) => {
      const [i, j] = locals.array('i32', 2);
      return [
        countUp(
          [i, rows, 1],
          tick(64),
          j.set(i32.const(0)),
          countUp([j, columns, 1], tick(68), when(i32.eq(i, j), tick(72))),
        ),
      ];
    });
    const { run, integers } = instantiate(limits, [f]);
    const size = fc.integer({ min: 0, max: 20 });
    fc.assert(
      fc.property(size, size, (rows, columns) => {
        integers.fill(0);
        run('f', rows, columns);
        const expected = [rows, rows * columns, Math.min(rows, columns)];
        expect([...integers.subarray(16, 19)]).toEqual(expected);
      }),
    );
  });
});

describe('numbers as operands', () => {
  it('stand for constants, of which equal ones share a variable', () => {
    const sums = (numbers: readonly number[]) =>
      defineFunction('f', 0, () =>
        numbers.map((x, k) => v128.store(64 + 16 * k, f32x4.add(f32x4.mul(f32x4.all(0.5), x), 3))),
      );
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -9, max: 9 }), { minLength: 1, maxLength: 20 }), (numbers) => {
        const { run, floats } = instantiate(limits, [sums(numbers)]);
        run('f');
        const expected = numbers.flatMap((x) => Array(4).fill(0.5 * x + 3));
        expect([...floats.subarray(16, 16 + expected.length)]).toEqual(expected);
      }),
      { numRuns: 20 },
    );
    const length = (numbers: readonly number[]) => encodeModule(limits, [sums(numbers)]).length;
    expect(length([1, 2, 4]) - length([1, 1, 1])).toBeGreaterThanOrEqual(2 * 16);
  });
});

describe('locals', () => {
  it('start as zero, hold what is set, and do not disturb each other or the parameters', () => {
    const f = defineFunction('f', 2, ([a, b], locals) => {
      // More than 128 variables: the numbers of some take two bytes.
      const many = locals.array('i32', 150);
      const y = locals.new('f32');
      const v = locals.new('v128');
      const at = (k: number) => i32.const(64 + 4 * k);
      return [
        i32.store(at(0), many[149]),
        f32.store(at(1), y),
        v128.store(at(4), v),
        ...many.map((local, k) => local.set(i32.add(a, i32.const(k)))),
        y.set(f32.load(b)),
        v.set(f32x4.splat(y)),
        a.set(i32.const(-7)),
        ...many.map((local, k) => i32.store(at(10 + k), local)),
        f32.store(at(2), y),
        i32.store(at(3), a),
        v128.store(at(200), v),
      ];
    });
    const { run, integers, floats } = instantiate(limits, [f]);
    integers.fill(99);
    floats[2] = 2.5;
    run('f', 1000, 8);
    expect([...integers.subarray(16, 18)]).toEqual([0, 0]);
    expect([...integers.subarray(20, 24)]).toEqual([0, 0, 0, 0]);
    expect([...integers.subarray(26, 176)]).toEqual(Array.from({ length: 150 }, (_, k) => 1000 + k));
    expect(floats[18]).toBe(2.5);
    expect(integers[19]).toBe(-7);
    expect([...floats.subarray(216, 220)]).toEqual([2.5, 2.5, 2.5, 2.5]);
  });
});
