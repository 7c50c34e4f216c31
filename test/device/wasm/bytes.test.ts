import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fastBytes } from '../../../src/device/wasm/kernels/bytes.js';
import { Runtime } from '../../../src/device/wasm/runtime.js';
import { expectSameBits } from './bits.js';
import { runtime } from './runtime.js';

const divisors = fc.constantFrom(1 as const, 255 as const);

function filled(
  source: Uint8Array,
  rows: readonly number[],
  width: number,
  divisor: 1 | 255,
  at: number | null,
  on = runtime,
): Float32Array {
  return on.scoped(() => {
    const count = rows.length * width;
    const shift = at ?? 0;
    const whole =
      at === null
        ? new Float32Array(count + 8).fill(7)
        : on.memory.floats(on.reserve(count + shift + 8), count + shift + 8).fill(7);
    const out = whole.subarray(shift, shift + count);
    expect(fastBytes.run(on, out, { source, rows, width, divisor }, undefined)).toBe(true);
    const done = Math.floor(count / 16) * 16;
    expect(whole.subarray(0, shift).every((x) => x === 7)).toBe(true);
    expect(whole.subarray(shift + done).every((x) => x === 7)).toBe(true);
    return out.slice(0, done);
  });
}

const expected = (source: Uint8Array, rows: readonly number[], width: number, divisor: number): number[] =>
  rows.flatMap((row) =>
    [...source.subarray(row * width, row * width + width)].map((v) => Math.fround(v / divisor)),
  );

describe('rows of bytes', () => {
  it.each([1, 255] as const)('are divided by %i exactly as numbers are, for every byte', (divisor) => {
    const source = Uint8Array.from({ length: 256 }, (_, i) => i);
    expectSameBits(filled(source, [0], 256, divisor, 0), expected(source, [0], 256, divisor));
  });

  it('come in the order asked for, from any place to any place', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 1, maxLength: 400 }),
        fc.integer({ min: 1, max: 50 }),
        fc.array(fc.nat(), { maxLength: 20 }),
        divisors,
        fc.constantFrom(null, 0, 1, 2, 3),
        fc.nat(3),
        (bytes, width, picks, divisor, at, skip) => {
          const source = bytes.subarray(Math.min(skip, bytes.length - 1));
          const size = Math.floor(source.length / width);
          fc.pre(size > 0);
          const rows = picks.map((pick) => pick % size);
          const actual = filled(source, rows, width, divisor, at);
          expectSameBits(actual, expected(source, rows, width, divisor).slice(0, actual.length));
        },
      ),
      { numRuns: 200 },
    );
  });

  it.each([2, 3])('are the same on %i threads', (threads) => {
    const on = new Runtime(runtime.memory, threads);
    const source = Uint8Array.from({ length: 300_007 }, (_, i) => (i * 7) ^ (i >> 8));
    const rows = Array.from({ length: 299 }, (_, i) => (i * 131) % 300);
    expectSameBits(
      filled(source, rows, 1000, 255, 0, on),
      expected(source, rows, 1000, 255).slice(0, 298_992),
    );
  });
});
