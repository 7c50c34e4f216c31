import { messageOf } from '../../tensor/describe.js';
import type { Memory } from '../../tensor/memory/memory.js';
import type { Tensor } from '../../tensor/tensor.js';
import { limit } from '../limit.js';
import { WORTH_SHARING, WORTH_TAKING } from './costs.js';
import { type Emitted, instantiate } from './engine.js';
import type { KernelCode } from './kernel-code.js';
import { type Part, Pool } from './threads/pool.js';

/** @throws TypeError for float64: no kernel takes it. */
function floatsOf({ data }: Tensor): Float32Array {
  if (data instanceof Float32Array) return data;
  throw new TypeError('a float64 tensor was given to an emitted kernel');
}

/** Calls a kernel once for a part of a grid: rows from `row` up to `rowEnd`, columns likewise. */
type GridPart = (kernel: Emitted, row: number, rowEnd: number, column: number, columnEnd: number) => void;

/**
 * Emitted kernels and the memory they work on. A tensor that stands in that memory is worked on in place; one that does not is
 * copied to scratch space, and a result from there. Scratch space is given back by {@link scoped}.
 */
export class Runtime {
  private readonly kernels: (Emitted | undefined)[] = [];
  private started: Pool | null | undefined;
  private refusal: string | null = null;

  /** @param requested threads. Defaults to the option. */
  constructor(
    readonly memory: Memory,
    private readonly requested?: number,
  ) {}

  /** Runs `f`, and gives back the scratch space that it took. */
  scoped<T>(f: () => T): T {
    const mark = this.memory.mark();
    try {
      return f();
    } finally {
      this.memory.pop(mark);
    }
  }

  /** The address of room for `count` float32 numbers, their values undefined. @throws OutOfMemoryError */
  reserve(count: number): number {
    return this.memory.push(count);
  }

  /** The address of a scratch copy of `values`. */
  put(values: Float32Array): number {
    const address = this.memory.push(values.length);
    this.memory.floats(address, values.length).set(values);
    return address;
  }

  /** The address of an array, copied if it stands elsewhere. */
  place(values: Float32Array): number {
    return values.buffer === this.memory.buffer ? values.byteOffset : this.put(values);
  }

  /** The address of a float32 tensor's elements, copied if need be. */
  operand(x: Tensor): number {
    return x.address || this.put(floatsOf(x));
  }

  /** The address where the elements of a float32 result are to go; {@link finish} brings them there from scratch. */
  result(out: Tensor): number {
    return out.address || this.memory.push(out.size);
  }

  /** Copies a result out of scratch space, if that is where it is. */
  finish(out: Tensor, address: number): void {
    if (out.address === 0) out.data.set(this.memory.floats(address, out.size));
  }

  /** Runs a kernel. */
  run(code: KernelCode, ...args: readonly number[]): void {
    this.compiled(code)(...args);
  }

  /** How many threads there may be. */
  get threads(): number {
    return this.pool?.threads ?? 1;
  }

  /** How many may share so much work, in nanoseconds. */
  threadsFor(work: number): number {
    return work < WORTH_SHARING ? 1 : this.threads;
  }

  /** How many of them are up by now, this one among them. */
  get ready(): number {
    return 1 + (this.pool?.ready ?? 0);
  }

  /**
   * Runs a kernel on parts of 0 to `count`, on all threads: `part` calls it once for the part from `start` up to `end`.
   * Parts begin at multiples of `grain`, and write to no cache line that another part writes to, or only whole elements.
   * @param work roughly how many nanoseconds the whole takes: little of it is not shared.
   * @param resumable whether a part that was left in the middle is finished when it is called again.
   */
  split(code: KernelCode, count: number, grain: number, work: number, part: Part, resumable = false): void {
    const kernel = this.compiled(code);
    const pool = work < WORTH_SHARING ? null : this.pool;
    if (pool === null) {
      part(kernel, 0, count);
      return;
    }
    const least = Math.max(1, Math.ceil((count * WORTH_TAKING) / work / grain)) * grain;
    if (count <= least) part(kernel, 0, count);
    else pool.run(code, kernel, { count, grain, least, work, resumable, part });
  }

  /**
   * The same for a grid of rows and columns, of which one dimension is shared, in parts of multiples of `grain` columns or of rows.
   */
  splitGrid(
    code: KernelCode,
    [rows, columns]: readonly [number, number],
    by: 'rows' | 'columns',
    grain: number,
    work: number,
    part: GridPart,
  ): void {
    if (by === 'rows') {
      this.split(code, rows, grain, work, (kernel, start, end) => part(kernel, start, end, 0, columns));
    } else {
      this.split(code, columns, grain, work, (kernel, start, end) => part(kernel, 0, rows, start, end));
    }
  }

  /** Why there is but one thread, where that is not by choice; or nothing. */
  get limits(): readonly string[] {
    return this.pool === null && this.refusal !== null ? [limit('One thread computes', this.refusal)] : [];
  }

  private get pool(): Pool | null {
    try {
      if (this.started === undefined) this.started = Pool.start(this.memory, this.requested);
      this.started?.checkStarted();
    } catch (error) {
      this.started = null;
      this.refusal = messageOf(error);
    }
    return this.started;
  }

  /** A kernel, made ready at its first use. */
  compiled(code: KernelCode): Emitted {
    const known = this.kernels[code.id];
    if (known !== undefined) return known;
    const kernel = instantiate(code.bytes(this.memory.shared), this.memory.wasm);
    this.kernels[code.id] = kernel;
    return kernel;
  }
}
