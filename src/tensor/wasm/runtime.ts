import type { EncodedFunction } from './assembler/index.js';
import { defineFunction, encodeModule, f32x4, v128 } from './assembler/index.js';

/** The part of the engine's WebAssembly that is used here; its types belong to the browser's library, which Node's lacks. */
declare const WebAssembly: {
  readonly Memory: new (limits: {
    readonly initial: number;
  }) => {
    readonly buffer: ArrayBuffer;
    grow(pages: number): number;
  };
  validate(bytes: Uint8Array<ArrayBuffer>): boolean;
  readonly Module: new (bytes: Uint8Array<ArrayBuffer>) => object;
  readonly Instance: new (
    module: object,
    imports: Readonly<Record<string, Readonly<Record<string, object>>>>,
  ) => { readonly exports: Readonly<Record<string, unknown>> };
};

const PAGE = 65536;
/** Where scratch space begins: address 0 stays unused, so that a lost address is not a valid one. */
const BASE = 64;
/** Every buffer begins at a multiple of this, and can be written this far past its end: one SIMD register. */
const ALIGNMENT = 16;

/** Whether this engine knows WebAssembly and its SIMD instructions. */
export function hasSimd(): boolean {
  if (typeof WebAssembly === 'undefined') return false;
  const probe = defineFunction({
    name: 'probe',
    parameters: { at: 'i32' },
    body: ({ at }) => [v128.store(at.get, f32x4.sqrt(v128.load(at.get)))],
  });
  return WebAssembly.validate(encodeModule({ initial: 1 }, [probe]));
}

/** An emitted kernel: addresses and sizes, all i32. */
export type Emitted = (...args: readonly number[]) => void;

/**
 * Emitted kernels and the memory they work on. A call copies its operands into scratch space, runs, and copies the
 * result out: `begin`, then `put` and `reserve`, then `run`, then `take`.
 */
export class Runtime {
  private readonly memory = new WebAssembly.Memory({ initial: 16 });
  private readonly kernels: ReadonlyMap<string, Emitted>;
  private floats = new Float32Array(this.memory.buffer);
  private next = BASE;

  /**
   * @param functions one that several kernels need may be given several times.
   * @throws WebAssembly.CompileError where the engine lacks SIMD, or two functions share a name.
   */
  constructor(functions: readonly EncodedFunction[]) {
    const module = new WebAssembly.Module(encodeModule({ initial: 16 }, [...new Set(functions)]));
    const { exports } = new WebAssembly.Instance(module, { env: { memory: this.memory } });
    this.kernels = new Map(
      Object.entries(exports).flatMap(([name, f]) =>
        typeof f === 'function' ? [[name, (...args) => f(...args)]] : [],
      ),
    );
  }

  /** Forgets all scratch buffers. */
  begin(): void {
    this.next = BASE;
  }

  /** The address of a new scratch buffer for `count` float32 numbers, its contents undefined. */
  reserve(count: number): number {
    const address = this.next;
    this.next = Math.ceil((address + 4 * count) / ALIGNMENT) * ALIGNMENT + ALIGNMENT;
    const missing = this.next - this.memory.buffer.byteLength;
    if (missing > 0) {
      this.memory.grow(Math.ceil(missing / PAGE));
      this.floats = new Float32Array(this.memory.buffer);
    }
    return address;
  }

  /** The address of a scratch copy of `values`. */
  put(values: Float32Array): number {
    const address = this.reserve(values.length);
    this.floats.set(values, address / 4);
    return address;
  }

  /** Runs a kernel. @throws Error when no kernel has that name. */
  run(name: string, ...args: readonly number[]): void {
    const kernel = this.kernels.get(name);
    if (kernel === undefined) throw new Error(`no kernel is named '${name}'`);
    kernel(...args);
  }

  /** Copies what stands at `address` into `out`. */
  take(address: number, out: Float32Array): void {
    out.set(this.floats.subarray(address / 4, address / 4 + out.length));
  }

  /** Copies rows of `width` numbers, which stand `step` numbers apart at `address`, into `out` one after another. */
  takeRows(address: number, step: number, out: Float32Array, width: number): void {
    if (step === width) {
      this.take(address, out);
      return;
    }
    for (let at = 0, from = address / 4; at < out.length; at += width, from += step) {
      out.set(this.floats.subarray(from, from + width), at);
    }
  }
}
