import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { countUp, f32, i32 } from '../../../../src/device/wasm/assembler/index.js';
import { kernelCode } from '../../../../src/device/wasm/kernel-code.js';
import { Runtime } from '../../../../src/device/wasm/runtime.js';
import { controlWords, Pool } from '../../../../src/device/wasm/threads/pool.js';
import { BELLS, STEP } from '../../../../src/tensor/memory/control.js';
import { Memory } from '../../../../src/tensor/memory/memory.js';
import { increment, jobOf, started, withWorkers } from './pools.js';

/** Writes where there is no memory. */
const trap = kernelCode('trap', 1, ([at]) => [f32.store(at, f32.const(1))]);

const BEYOND = 0x7ffffff0;

/** Waits until all workers of a pool take part. */
async function allReady(pool: Pool): Promise<void> {
  for (let i = 0; i < 1000 && pool.ready < pool.threads - 1; i++) {
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  expect(pool.ready).toBe(pool.threads - 1);
}

describe('Pool', () => {
  it.each([2, 3, 8])('does each part once, on %i threads, from the first job on', async (threads) => {
    const { memory, pool } = started(threads);
    const runtime = new Runtime(memory, 1);
    const count = 64 * 50;
    const at = memory.push(count);
    memory.floats(at, count).fill(0);
    let expected = 0;
    const job = (parts: number, times: number): void => {
      const length = Math.ceil(count / parts);
      pool.run(
        increment,
        runtime.compiled(increment),
        jobOf(count, 1, length, (kernel, start, end) => kernel(at + 4 * start, end - start, times)),
      );
      expected += times;
      expect(memory.floats(at, count).every((x) => x === expected)).toBe(true);
    };
    // Before the workers are up, while they come up, and after.
    for (let i = 0; i < 30; i++) job(1 + (i % 64), 1);
    await allReady(pool);
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 64 }), fc.integer({ min: 0, max: 60 }), (parts, times) => {
        job(parts, times);
      }),
      { numRuns: 300 },
    );
    // Long enough apart for the workers to have gone to sleep.
    await new Promise((resolve) => setTimeout(resolve, 50));
    job(threads, 3);
  });

  it('hands on an error, of its own part or of a worker, after all parts are done; and works on', async () => {
    const { memory, pool } = started(2);
    const runtime = new Runtime(memory, 1);
    const at = memory.push(64);
    await allReady(pool);
    const seen = new Set<boolean>();
    // Who takes which part is left to chance: many jobs, until both have been seen.
    for (let i = 0; i < 2000 && seen.size < 2; i++) {
      try {
        const places = [at, i % 2 === 0 ? BEYOND : at, i % 2 === 0 ? at : BEYOND];
        const job = jobOf(3, 1, 1, (kernel, start) => kernel(places[start]));
        pool.run(trap, runtime.compiled(trap), job);
        expect.unreachable();
      } catch (error) {
        expect(String(error)).toMatch(/memory access out of bounds/);
        seen.add(/trap, on a worker thread: RuntimeError/.test(String(error)));
      }
    }
    expect([...seen].sort()).toEqual([false, true]);
    const right = jobOf(2, 1, 1, (kernel) => kernel(at));
    expect(() => pool.run(trap, runtime.compiled(trap), right)).not.toThrow();
  });

  it('has room for kernels however much models hold, and works alone past its 1,024 kernels or 1 MiB', async () => {
    const { memory, pool } = started(2);
    const runtime = new Runtime(memory, 1);
    while (memory.hold(2 ** 16) !== 0);
    await allReady(pool);
    const at = memory.push(64);
    const cells = memory.floats(at, 64);
    let shared = 0;
    for (let made = 0; made < 1200; made++) {
      const code = kernelCode(`kernel ${made}`, 2, ([from, end], locals) => {
        const i = locals.new('i32');
        return [countUp([i, end, 1], f32.store(i32.add(from, i32.shl(i, i32.const(2))), f32.const(made)))];
      });
      cells.fill(-1);
      let calls = 0;
      const job = jobOf(64, 16, 16, (kernel, start, end) => {
        calls++;
        kernel(at + 4 * start, end - start);
      });
      pool.run(code, runtime.compiled(code), job);
      if (calls > 1) shared++;
      if (!cells.every((x) => x === made)) expect.fail(`kernel ${made} gave ${cells}`);
    }
    expect(shared).toBeGreaterThan(500);
    expect(shared).toBeLessThan(1024);
  });

  it('leaves alone the kernels that another pool has put into the same memory', async () => {
    const { memory, pool } = started(2);
    const other = Pool.start(memory, 2, 2);
    if (other === null) throw new Error('no pool');
    const runtime = new Runtime(memory, 1);
    const at = memory.push(64);
    const cells = memory.floats(at, 64);
    const codes = [1, 2, 3, 4].map((value) =>
      kernelCode(`fill with ${value}`, 2, ([from, end], locals) => {
        const i = locals.new('i32');
        return [countUp([i, end, 1], f32.store(i32.add(from, i32.shl(i, i32.const(2))), f32.const(value)))];
      }),
    );
    const run = (on: Pool, which: number): void => {
      const code = codes[which];
      const job = jobOf(64, 16, 16, (kernel, start, end) => kernel(at + 4 * start, end - start));
      on.run(code, runtime.compiled(code), job);
      expect(cells.every((x) => x === which + 1)).toBe(true);
    };
    // Half of them are put there by each pool; workers compile them later, when they are up.
    for (const [i, on] of [pool, other, pool, other].entries()) run(on, i);
    while (pool.ready + other.ready < 2) await new Promise((resolve) => setTimeout(resolve, 5));
    for (let turn = 0; turn < 200; turn++) run(turn % 2 === 0 ? pool : other, turn % 4);
  });

  it('is not started for one thread, or where memory is not shared', () => {
    expect(Pool.start(new Memory(8), 1)).toBeNull();
    expect(() => Pool.start(new Memory(8, false), 4)).toThrow('memory cannot be shared');
    expect(new Runtime(new Memory(8, false), 4).threads).toBe(1);
  });

  it.each([2, 8, 9, 24, 31, 64])('makes no more parts than there is room for, on %i threads', (threads) => {
    // Workers that are up, and take nothing: the caller does it all.
    class Idle {
      on(): void {}
      unref(): void {}
    }
    const { memory, pool } = withWorkers(Idle, () => started(threads));
    const words = controlWords(memory.buffer);
    for (let i = 1; i < threads; i++) words[BELLS + i * STEP + 1] = 1;
    const runtime = new Runtime(memory, 1);
    const at = memory.push(64);
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1e6 }), fc.integer({ min: 1, max: 100 }), (count, grain) => {
        const parts: [number, number][] = [];
        const job = jobOf(count, grain, grain, (kernel, start, end) => {
          parts.push([start, end]);
          kernel(at, 0, 0);
        });
        pool.run(increment, runtime.compiled(increment), job);
        expect(parts.length).toBeLessThanOrEqual(64);
        expect(parts.map(([start]) => start)).toEqual([0, ...parts.slice(0, -1).map(([, end]) => end)]);
        expect(parts.every(([start, end]) => start % grain === 0 && end > start)).toBe(true);
        expect(parts.at(-1)?.[1]).toBe(count);
      }),
    );
  });

  it('refuses more arguments than there is room for, and works on', async () => {
    const { memory, pool } = started(2);
    await allReady(pool);
    const kernel = new Runtime(memory, 1).compiled(trap);
    const at = memory.push(64);
    const run = (count: number, ...args: readonly number[]): void =>
      pool.run(
        trap,
        kernel,
        jobOf(count, 1, 1, (call) => call(...args)),
      );
    expect(() => run(2, ...Array.from({ length: 33 }, () => at))).toThrow(RangeError);
    expect(() => run(64, at)).not.toThrow();
  });
});

describe('Runtime.split', () => {
  it('covers everything once, whatever the grain, the work and the threads', () => {
    const memory = new Memory(16);
    const runtimes = [1, 2, 5].map((threads) => new Runtime(memory, threads));
    const at = memory.push(10_000);
    const numbers = memory.floats(at, 10_000);
    fc.assert(
      fc.property(
        fc.constantFrom(...runtimes.slice(0, 1), runtimes[1]),
        fc.integer({ min: 0, max: 9000 }),
        fc.constantFrom(1, 8, 16, 100),
        fc.constantFrom(0, 50_000, 1e6, 1e9),
        (runtime, count, grain, work) => {
          numbers.fill(0);
          runtime.split(increment, count, grain, work, (kernel, start, end) => {
            expect(start % grain).toBe(0);
            kernel(at + 4 * start, end - start, 1);
          });
          expect(numbers.subarray(0, count).every((x) => x === 1)).toBe(true);
          expect(numbers.subarray(count).every((x) => x === 0)).toBe(true);
        },
      ),
    );
  });
});
