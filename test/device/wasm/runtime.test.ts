import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { countUp, f32, f32x4, i32, v128 } from '../../../src/device/wasm/assembler/index.js';
import { kernelCode } from '../../../src/device/wasm/kernel-code.js';
import { Runtime } from '../../../src/device/wasm/runtime.js';
import { OutOfMemoryError, Tensor } from '../../../src/tensor/index.js';
import { Memory } from '../../../src/tensor/memory/memory.js';
import { expectSameBits, float32s } from './bits.js';

/** out = a + b, in whole registers of scratch space. */
const add = kernelCode('add', 4, ([a, b, out, count], locals) => {
  const i = locals.new('i32');
  const at = (array: typeof a) => i32.add(array, i);
  return [
    countUp(
      [i, i32.shl(count, i32.const(2)), 16],
      v128.store(at(out), f32x4.add(v128.load(at(a)), v128.load(at(b)))),
    ),
  ];
});
const touch = kernelCode('touch', 1, ([at]) => [f32.store(at, f32.const(7))]);

describe.each([true, false])('Runtime, memory shared: %s', (shared) => {
  it('runs a kernel on copies of operands that stand elsewhere', () => {
    const runtime = new Runtime(new Memory(8, shared), 1);
    fc.assert(
      fc.property(fc.array(fc.tuple(float32s, float32s), { maxLength: 40 }), (pairs) => {
        const a = new Tensor(
          Float32Array.from(pairs, ([x]) => x),
          [pairs.length],
        );
        const b = new Tensor(
          Float32Array.from(pairs, ([, y]) => y),
          [pairs.length],
        );
        const out = new Tensor(new Float32Array(pairs.length).fill(7), [pairs.length]);
        runtime.scoped(() => {
          const to = runtime.result(out);
          runtime.run(add, runtime.operand(a), runtime.operand(b), to, a.size);
          runtime.finish(out, to);
        });
        expectSameBits(
          out.data,
          pairs.map(([x, y]) => Math.fround(x + y)),
        );
      }),
    );
  });

  it('hands out buffers that stay apart, on cache lines, with a register to spare, never address 0', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 1000 }), { minLength: 1, maxLength: 20 }), (counts) => {
        const runtime = new Runtime(new Memory(8, shared), 1);
        const end = runtime.memory.buffer.byteLength;
        runtime.scoped(() => {
          let limit = end;
          for (const count of counts) {
            const address = runtime.reserve(count);
            expect(address % 64).toBe(0);
            expect(address).toBeGreaterThan(0);
            expect(address + 4 * count + 16).toBeLessThanOrEqual(limit);
            limit = address;
          }
        });
        expect(runtime.memory.mark()).toBe(end);
      }),
    );
  });

  it('gives scratch space back after an error too', () => {
    const runtime = new Runtime(new Memory(8, shared), 1);
    const before = runtime.memory.mark();
    expect(() => runtime.scoped(() => runtime.reserve(2 ** 22))).toThrow(OutOfMemoryError);
    expect(() =>
      runtime.scoped(() => {
        runtime.reserve(10);
        throw new Error('halfway');
      }),
    ).toThrow('halfway');
    expect(runtime.memory.mark()).toBe(before);
  });

  it('may touch a register past the end of a buffer at the top of its memory', () => {
    const runtime = new Runtime(new Memory(8, shared), 1);
    const address = runtime.reserve(3);
    runtime.run(touch, address + 12 + 12);
    runtime.run(touch, address);
    expect(runtime.memory.floats(address, 1)[0]).toBe(7);
  });

  it('refuses float64 operands', () => {
    const runtime = new Runtime(new Memory(8, shared), 1);
    expect(() => runtime.operand(new Tensor(new Float64Array(20), [20]))).toThrow(TypeError);
  });
});
