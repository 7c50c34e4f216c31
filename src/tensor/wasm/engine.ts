import { defineFunction, encodeModule, f32x4, type V128, v128 } from './assembler/index.js';

/** A memory of the engine's; one that is shared has a SharedArrayBuffer. */
export interface WasmMemory {
  readonly buffer: ArrayBuffer;
}

/** The part of the engine's WebAssembly that is used here; its types belong to the browser's library, which Node's lacks. */
interface WasmApi {
  readonly Memory: new (limits: {
    readonly initial: number;
    readonly maximum: number;
    readonly shared: boolean;
  }) => WasmMemory;
  validate(bytes: Uint8Array<ArrayBuffer>): boolean;
  readonly Module: new (bytes: Uint8Array<ArrayBuffer>) => object;
  readonly Instance: new (
    module: object,
    imports: Readonly<Record<string, Readonly<Record<string, object>>>>,
  ) => { readonly exports: Readonly<Record<string, unknown>> };
}

declare const WebAssembly: WasmApi;

export const hasWasm = (): boolean => typeof WebAssembly !== 'undefined';

/** Whether threads can share memory here: a page in a browser needs to be cross-origin isolated. */
export const hasSharedMemory = (): boolean =>
  typeof SharedArrayBuffer !== 'undefined' &&
  !('crossOriginIsolated' in globalThis && !Reflect.get(globalThis, 'crossOriginIsolated'));

function knows(instruction: (x: V128) => V128): boolean {
  if (!hasWasm()) return false;
  const probe = defineFunction({
    name: 'probe',
    parameters: { at: 'i32' },
    body: ({ at }) => [v128.store(at.get, instruction(v128.load(at.get)))],
  });
  return WebAssembly.validate(encodeModule({ initial: 1 }, [probe]));
}

/** Whether this engine knows WebAssembly and its SIMD instructions. */
export const hasSimd = (): boolean => knows(f32x4.sqrt);

/** Whether it knows the relaxed ones too, among them the fused multiply-add. */
export const hasRelaxedSimd = (): boolean => knows((x) => f32x4.relaxedMadd(x, x, x));

export const PAGE = 65536;

/** @throws RangeError when the machine does not give that much. */
export const makeMemory = (pages: number, shared: boolean): WasmMemory =>
  new WebAssembly.Memory({ initial: pages, maximum: pages, shared });

/** An emitted kernel: addresses and sizes, all i32. */
export type Emitted = (...args: readonly number[]) => void;

const isEmitted = (f: unknown): f is Emitted => typeof f === 'function';

/** Makes a module of one function ready to run on a memory. @throws WebAssembly.CompileError for code that is not valid. */
export function instantiate(bytes: Uint8Array<ArrayBuffer>, memory: WasmMemory): Emitted {
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes), { env: { memory } });
  const [f] = Object.values(exports);
  if (!isEmitted(f)) throw new Error('an emitted module exports no function');
  return f;
}
