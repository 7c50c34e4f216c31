import type { WorkerOptions } from 'node:worker_threads';
import { vi } from 'vitest';
import { countUp, f32, i32 } from '../../../../src/device/wasm/assembler/index.js';
import { kernelCode } from '../../../../src/device/wasm/kernel-code.js';
import { type Job, Pool } from '../../../../src/device/wasm/threads/pool.js';
import { Memory } from '../../../../src/tensor/memory/memory.js';

/** x[i] += 1, `count` times over, from `at` on. */
export const increment = kernelCode('increment', 3, ([at, count, times], locals) => {
  const [i, turn] = locals.array('i32', 2);
  const here = i32.add(at, i32.shl(i, i32.const(2)));
  return [
    countUp(
      [turn, times, 1],
      i.set(i32.const(0)),
      countUp([i, count, 1], f32.store(here, f32.add(f32.load(here), f32.const(1)))),
    ),
  ];
});

/** A job of some milliseconds, as it is said to be. */
export const jobOf = (
  count: number,
  grain: number,
  least: number,
  part: Job['part'],
  resumable = false,
): Job => ({
  ...{ count, grain, least, part, resumable },
  work: 1e6,
});

/** A pool in a memory of its own. */
export function started(threads: number): { memory: Memory; pool: Pool } {
  const memory = new Memory(16);
  const pool = Pool.start(memory, threads, 2);
  if (pool === null) throw new Error('no pool');
  return { memory, pool };
}

/** Calls `f` where a pool's workers are of another class. */
export function withWorkers<T>(
  Worker: new (source: string, options: WorkerOptions) => object,
  f: () => T,
): T {
  const real = process.getBuiltinModule;
  const spy = vi
    .spyOn(process, 'getBuiltinModule')
    .mockImplementation((name: string) =>
      name === 'node:worker_threads' ? { ...real(name), Worker } : real(name),
    );
  try {
    return f();
  } finally {
    spy.mockRestore();
  }
}
