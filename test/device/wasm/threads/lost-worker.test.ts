import { once } from 'node:events';
import { Worker, type WorkerOptions } from 'node:worker_threads';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { fastMatmul } from '../../../../src/device/wasm/kernels/matmul/matmul.js';
import type { UpdateRow } from '../../../../src/device/wasm/kernels/update.js';
import { Runtime } from '../../../../src/device/wasm/runtime.js';
import { controlWords, LostPartError } from '../../../../src/device/wasm/threads/pool.js';
import { Random, Tensor } from '../../../../src/index.js';
import { adamUpdates } from '../../../../src/nn/optim/adam.js';
import { ADDRESS, BELLS, BYTES, MAX_WORKERS, STEP } from '../../../../src/tensor/memory/control.js';
import { Memory } from '../../../../src/tensor/memory/memory.js';
import { expectSameBits } from '../bits.js';
import { runUpdate } from '../updates.js';
import { increment, jobOf, started, withWorkers } from './pools.js';

describe('a worker that ends', () => {
  const warned: string[] = [];
  beforeEach(() => {
    warned.length = 0;
    vi.spyOn(console, 'warn').mockImplementation((text) => warned.push(String(text)));
  });
  const workers: Worker[] = [];
  afterEach(async () => {
    await Promise.all(workers.map((worker) => worker.terminate()));
    workers.length = 0;
    vi.restoreAllMocks();
  });

  it.each([
    ['throws', "throw new Error('out of stack')", 'out of stack'],
    ['exits', 'process.exit(3)', 'it ended with code 3'],
  ])('is named once where it %s, as soon as others are up, which go on', async (_, source, reason) => {
    class Broken extends Worker {
      constructor(right: string, options: WorkerOptions) {
        super(workers.length === 0 ? source : right, options);
        workers.push(this);
      }
    }
    const { memory, pool } = withWorkers(Broken, () => started(3));
    await once(workers[0], 'exit').catch(() => once(workers[0], 'exit'));
    await vi.waitUntil(() => pool.ready === 1);
    const at = memory.push(64);
    memory.floats(at, 64).fill(0);
    const job = jobOf(64, 1, 1, (run, start, end) => run(at + 4 * start, end - start, 1));
    for (let i = 0; i < 3; i++) pool.run(increment, new Runtime(memory, 1).compiled(increment), job);
    expect([...memory.floats(at, 64)]).toEqual(new Array(64).fill(3));
    expect(warned).toEqual([`pathwise: a worker thread is lost: ${reason}; the other threads do its work`]);
  });

  /** A word by which the caller holds a worker at the start of its next part: 0, to hold it, held, on with it. */
  const HOLD = BELLS + (MAX_WORKERS + 1) * STEP;
  const HOLDING = `{
    const { memory } = process.getBuiltinModule('node:worker_threads').workerData;
    const words = new Int32Array(memory.buffer, ${ADDRESS}, ${BYTES / 4});
    const { Instance } = WebAssembly;
    WebAssembly.Instance = function (...args) {
      const [kernel] = Object.values(new Instance(...args).exports);
      const held = (...list) => {
        if (Atomics.compareExchange(words, ${HOLD}, 1, 2) === 1) {
          Atomics.notify(words, ${HOLD});
          Atomics.wait(words, ${HOLD}, 2);
        }
        kernel(...list);
      };
      return { exports: { held } };
    };
  }`;

  /** A runtime of two threads; `endAt` ends its worker within a part, milliseconds after it began, at the caller's n-th part. */
  async function mortal() {
    class Mortal extends Worker {
      constructor(source: string, options: WorkerOptions) {
        super(`${HOLDING}\n${source}`, options);
        workers.unshift(this);
      }
    }
    const memory = new Memory(32);
    const words = controlWords(memory.buffer);
    const runtime = new Runtime(memory, 2);
    expect(withWorkers(Mortal, () => runtime.threads)).toBe(2);
    while (runtime.ready < 2) await new Promise((resolve) => setTimeout(resolve, 2));
    let countdown = 0;
    let delay = 0;
    const { compiled } = runtime;
    vi.spyOn(runtime, 'compiled').mockImplementation((code) => {
      const kernel = compiled.call(runtime, code);
      return (...args) => {
        if (--countdown === 0) {
          Atomics.store(words, HOLD, 1);
          Atomics.wait(words, HOLD, 1, 1000);
          Atomics.store(words, HOLD, 3);
          Atomics.notify(words, HOLD);
          for (const until = performance.now() + delay; performance.now() < until; );
          void workers[0].terminate();
        }
        kernel(...args);
      };
    });
    const endAt = (part: number, after: number): void => {
      countdown = part;
      delay = after;
    };
    return { memory, runtime, endAt };
  }

  const numbers = [0.9, 0.1, 0.999, 0.001, 1e-8, 1e-3, 1, 1, 0];
  const lengths = [200_000, 7, 150_001];
  /** Parameters, and what Adam remembers of them. */
  const rowsIn = (memory: Memory): UpdateRow[] =>
    lengths.map((length, i) => {
      const tensors = ['g', 'p', 'm', 'v'].map((name) => {
        const data = memory.floats(memory.hold(length), length);
        new Random(i).stream(name).normal(data);
        if (name === 'v') for (let k = 0; k < length; k++) data[k] *= data[k];
        return new Tensor(data, [length]);
      });
      return { tensors, numbers };
    });
  const bytesOf = (rows: readonly UpdateRow[]): Buffer =>
    Buffer.concat(
      rows.flatMap(({ tensors }) =>
        tensors.map(({ data }) => Buffer.from(data.buffer, data.byteOffset, data.byteLength)),
      ),
    );

  it('in an update in place, leaves a part that the caller finishes from there: no bit differs', async () => {
    const undisturbed = new Memory(32);
    const expected = rowsIn(undisturbed);
    const { adam } = adamUpdates.withoutDecay;
    runUpdate(new Runtime(undisturbed, 1), adam, expected);
    const torn: boolean[] = [];
    for (const after of [0, 0.02, 0.05, 0.1, 0.2]) {
      const { memory, runtime, endAt } = await mortal();
      const rows = rowsIn(memory);
      endAt(1, after);
      runUpdate(runtime, adam, rows);
      expect(bytesOf(rows).equals(bytesOf(expected))).toBe(true);
      torn.push(runtime.ready === 1);
      // It goes on without it.
      runUpdate(runtime, adam, rows);
    }
    // Otherwise the worker has never ended within a part.
    expect(torn).toContain(true);
  });

  it('in anything else, leaves parts that nobody works on any more, so that the whole can be computed again', async () => {
    // Deeper than one block: sums of the first are added to in the second.
    const [m, k, n] = [256, 1200, 512];
    const layout = { transposeA: false, transposeB: false };
    const normal = (name: string, shape: readonly [number, number]): Tensor =>
      new Tensor(new Random(0).stream(name).normal(new Float32Array(shape[0] * shape[1])), shape);
    const inputs = [normal('a', [m, k]), normal('b', [k, n])];
    const run = (runtime: Runtime): Tensor => {
      const out = new Tensor(new Float32Array(m * n), [m, n]);
      expect(runtime.scoped(() => fastMatmul.run(runtime, out, inputs, layout))).toBe(true);
      return out;
    };
    const expected = run(new Runtime(new Memory(32), 1));
    const lost: number[] = [];
    for (const [part, after] of [
      [1, 0],
      [4, 0],
      [8, 0.05],
      [12, 0.1],
    ]) {
      const { runtime, endAt } = await mortal();
      endAt(part, after);
      try {
        run(runtime);
      } catch (error) {
        expect(error).toBeInstanceOf(LostPartError);
        lost.push(part);
      }
      expectSameBits(run(runtime).data, expected.data);
    }
    // Otherwise the worker has never ended within a part.
    expect(lost).not.toEqual([]);
  });
});
