import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { countUp, defineFunction, f32, f32x4, i32, v128 } from '../../../src/tensor/wasm/assembler/index.js';
import { Runtime } from '../../../src/tensor/wasm/runtime.js';
import { expectSameBits, float32s } from './bits.js';

/** out = a + b, whole registers: it writes past the end as far as that is allowed. */
const add = defineFunction({
  name: 'add',
  parameters: { a: 'i32', b: 'i32', out: 'i32', count: 'i32' },
  body: ({ a, b, out, count }, locals) => {
    const i = locals.new('i32');
    const at = (array: typeof a) => i32.add(array.get, i.get);
    return [
      countUp(
        i,
        i32.shl(count.get, i32.const(2)),
        16,
        v128.store(at(out), f32x4.add(v128.load(at(a)), v128.load(at(b)))),
      ),
    ];
  },
});
const touch = defineFunction({
  name: 'touch',
  parameters: { at: 'i32' },
  body: ({ at }) => [f32.store(at.get, f32.const(7))],
});

/** What it begins with: 16 pages, in float32 numbers. */
const INITIAL = (16 * 65536) / 4;

const read = (runtime: Runtime, address: number, count: number): Float32Array => {
  const out = new Float32Array(count);
  runtime.take(address, out);
  return out;
};

describe('Runtime', () => {
  it('runs a kernel on copies of its operands', () => {
    const runtime = new Runtime([add, touch]);
    fc.assert(
      fc.property(fc.array(fc.tuple(float32s, float32s), { maxLength: 40 }), (pairs) => {
        const a = Float32Array.from(pairs, ([x]) => x);
        const b = Float32Array.from(pairs, ([, y]) => y);
        runtime.begin();
        const [from, other, to] = [runtime.put(a), runtime.put(b), runtime.reserve(a.length)];
        runtime.run('add', from, other, to, a.length);
        const expected = pairs.map(([x, y]) => Math.fround(x + y));
        expectSameBits(read(runtime, to, a.length), expected);
        expectSameBits(read(runtime, from, a.length), a);
        expectSameBits(read(runtime, other, a.length), b);
      }),
    );
  });

  it('hands out aligned buffers that stay apart, with a register to spare, and never address 0', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 1000 }), { minLength: 1, maxLength: 20 }), (counts) => {
        const runtime = new Runtime([]);
        runtime.begin();
        let free = 1;
        for (const count of counts) {
          const address = runtime.reserve(count);
          expect(address % 16).toBe(0);
          expect(address).toBeGreaterThanOrEqual(free);
          free = address + 4 * count + 16;
        }
        runtime.begin();
        expect(runtime.reserve(1)).toBeLessThan(free);
      }),
    );
  });

  it('grows beyond its first size, keeps what stood there, and runs in what is new', () => {
    const runtime = new Runtime([add, touch]);
    runtime.begin();
    const first = Float32Array.of(1, -0, Number.NaN, 2 ** -149, 5);
    const early = runtime.put(first);
    const count = 3 * INITIAL + 1;
    const large = new Float32Array(count).map((_, i) => i % 1000);
    const late = runtime.put(large);
    expectSameBits(read(runtime, early, first.length), first);
    expectSameBits(read(runtime, late, count), large);
    const out = runtime.reserve(count);
    runtime.run('add', late, late, out, count);
    expectSameBits(
      read(runtime, out, count),
      large.map((x) => 2 * x),
    );
    runtime.begin();
    expect(runtime.put(first)).toBe(early);
    expectSameBits(read(runtime, late, count), large);
  });

  it('may be written up to the end of its memory, and a register further', () => {
    // Sizes around those that fill the pages exactly.
    for (let missing = 0; missing < 24; missing++) {
      const runtime = new Runtime([touch]);
      const count = INITIAL - missing;
      const address = runtime.reserve(count);
      runtime.run('touch', address + 4 * count);
      runtime.run('touch', address + 4 * count + 12);
      runtime.run('touch', address);
      expect(read(runtime, address, 1)[0]).toBe(7);
    }
  });

  it('takes rows that stand apart', () => {
    const runtime = new Runtime([]);
    runtime.begin();
    const address = runtime.put(Float32Array.from({ length: 15 }, (_, i) => i));
    const out = new Float32Array(9);
    runtime.takeRows(address, 5, out, 3);
    expect([...out]).toEqual([0, 1, 2, 5, 6, 7, 10, 11, 12]);
    runtime.takeRows(address, 3, out, 3);
    expect([...out]).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
  });

  it('names the kernel that it does not have', () => {
    expect(() => new Runtime([add]).run('subtract', 64)).toThrow("no kernel is named 'subtract'");
    // What every object has is no kernel.
    expect(() => new Runtime([add]).run('toString')).toThrow("no kernel is named 'toString'");
  });

  it('takes one function several times, but does not start with two of one name', () => {
    expect(() => new Runtime([add, add]).run('add', 64, 64, 64, 0)).not.toThrow();
    expect(() => new Runtime([add, { ...add }])).toThrow(/add/);
  });
});
