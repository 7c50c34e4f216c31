import { messageOf } from '../describe.js';
import { memoryOption } from '../options.js';
import { CODE_ADDRESS, CODE_BYTES } from './control.js';
import { OutOfMemoryError } from './errors.js';
import type { FreeList } from './free-list.js';
import { Heap } from './heap.js';
import { hasSharedMemory, hasWasm, makeMemory, PAGE, type WasmMemory } from './web-assembly.js';

const MIB = 2 ** 20;
/** Buffers begin at the start of a cache line, so that two threads never write to one line. */
const LINE = 64;
/** What kernels may read past the end of a buffer: a group of four SIMD registers. */
const SPARE = 64;
/** Room at the bottom for what threads tell each other; address 0 stays unused, so that a lost address is not a valid one. */
const BASE = CODE_ADDRESS + CODE_BYTES;
/** The least that is worth having, in MiB. */
const MIN_SIZE = 8;
/** Models may take this share; the rest is left to scopes. */
const HEAP_SHARE = 0.5;

const roundUp = (count: number): number => Math.ceil((4 * count + SPARE) / LINE) * LINE;
const mib = (bytes: number): string => (bytes / MIB).toFixed(1);

/** What of the engine's memory is in use, in bytes. */
export interface MemoryUse {
  /** The most there can be. */
  readonly limit: number;
  /** Parameters, and what optimisers remember of them: at most half of the limit. */
  readonly models: number;
  /** The same in ordinary arrays, beyond the limit, since there was no room: kernels copy these at each use. */
  readonly modelsElsewhere: number;
  /** Results of the open scopes. */
  readonly scopes: number;
  /** The most that scopes have taken so far. */
  readonly scopesPeak: number;
}

/**
 * The engine's one memory, reserved whole, since growing it would empty the views on it. What lives as long as a model grows
 * from the bottom; what a scope makes is stacked from the top downwards and given back all at once, but for what `backward` gives back
 * earlier. Sizes are in float32.
 */
export class Memory {
  readonly wasm: WasmMemory;
  readonly buffer: ArrayBuffer;
  /** All of it as numbers, and as words: to read a few without a view of their own. */
  readonly f32: Float32Array<ArrayBuffer>;
  readonly i32: Int32Array<ArrayBuffer>;
  readonly #heap = new Heap(BASE);
  #next: number;
  #lowest: number;
  #elsewhere = 0;
  #nextCode = CODE_ADDRESS;

  /**
   * @param size in MiB
   * @throws RangeError when the machine does not give that much.
   */
  constructor(
    size: number,
    readonly shared = hasSharedMemory(),
  ) {
    this.wasm = makeMemory((size * MIB) / PAGE, shared);
    this.buffer = this.wasm.buffer;
    this.f32 = new Float32Array(this.buffer);
    this.i32 = new Int32Array(this.buffer);
    this.#next = this.buffer.byteLength;
    this.#lowest = this.#next;
  }

  /** The address of room for `count` numbers on the stack, their values undefined. @throws OutOfMemoryError */
  push(count: number): number {
    const address = this.#next - roundUp(count);
    if (address < this.#heap.top) throw this.#exhausted(4 * count);
    this.#next = address;
    if (address < this.#lowest) this.#lowest = address;
    return address;
  }

  /** The same for a tensor of a scope: where it fits, in what was given back to that scope. */
  take(count: number, free: FreeList): number {
    return free.take(roundUp(count)) || this.push(count);
  }

  /** Gives back what `take` gave, before the scope ends. */
  give(address: number, count: number, free: FreeList): void {
    free.give(address, roundUp(count));
    this.#next += free.cutBack(this.#next);
  }

  /** How high the stack is: for {@link pop}. */
  mark(): number {
    return this.#next;
  }

  /** Gives back all that was pushed since the mark was taken. */
  pop(mark: number): void {
    this.#next = mark;
  }

  /** The address of room for `count` long-lived numbers, their values undefined; 0 where none is left: they are elsewhere then. */
  hold(count: number): number {
    const limit = Math.min(this.#next, this.buffer.byteLength * HEAP_SHARE);
    const address = this.#heap.take(roundUp(count), limit);
    if (address === 0) this.#elsewhere += roundUp(count);
    return address;
  }

  /** Gives back what `hold` gave. */
  release(address: number, count: number): void {
    if (address === 0) this.#elsewhere -= roundUp(count);
    else this.#heap.release(address, roundUp(count));
  }

  /** The address of room for the code of a kernel, for good; 0 where none is left. */
  holdCode(bytes: number): number {
    const address = this.#nextCode;
    if (address + bytes > BASE) return 0;
    this.#nextCode += bytes;
    return address;
  }

  floats(address: number, count: number): Float32Array<ArrayBuffer> {
    return new Float32Array(this.buffer, address, count);
  }

  use(): MemoryUse {
    const limit = this.buffer.byteLength;
    return {
      limit,
      models: this.#heap.inUse,
      modelsElsewhere: this.#elsewhere,
      scopes: limit - this.#next,
      scopesPeak: limit - this.#lowest,
    };
  }

  #exhausted(bytes: number): OutOfMemoryError {
    const { limit, models, scopes } = this.use();
    return new OutOfMemoryError(
      `out of memory: ${mib(bytes)} MiB more are needed, but of ${mib(limit)} MiB models hold ${mib(models)} and the ` +
        `open scopes ${mib(scopes)}; raise the limit (at most 2047) with PATHWISE_MEMORY=${Math.min(2047, (2 * limit) / MIB)} ` +
        `or configure({ memory: ${Math.min(2047, (2 * limit) / MIB)} }), or take smaller batches`,
    );
  }
}

/** Why there is no memory, as far as it is known. */
let refusal = 'there is no WebAssembly here';

/**
 * Reserves what the option says, or half of it, and half again, where the machine refuses; memory that is not shared where that
 * is refused.
 */
function reserve(): Memory | null {
  const size = memoryOption();
  if (!hasWasm()) return null;
  for (const shared of hasSharedMemory() ? [true, false] : [false]) {
    for (let least = size; least >= MIN_SIZE; least = Math.floor(least / 2)) {
      try {
        return new Memory(least, shared);
      } catch (error) {
        refusal = `WebAssembly gets no memory here (${messageOf(error)})`;
      }
    }
  }
  return null;
}

let made: Memory | null | undefined;

/** The reason for which {@link engineMemory} is null, to follow 'since'. */
export const memoryRefusal = (): string => refusal;

/** The engine's memory, made at first use; null where there is no WebAssembly: then all storage is ordinary arrays. */
export function engineMemory(): Memory | null {
  if (made === undefined) made = reserve();
  return made;
}

/** What of the engine's memory is in use. */
export const memoryUse = (): MemoryUse =>
  engineMemory()?.use() ?? { limit: 0, models: 0, modelsElsewhere: 0, scopes: 0, scopesPeak: 0 };
