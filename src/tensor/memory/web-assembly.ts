/** A memory of the engine's; one that is shared has a SharedArrayBuffer. */
export interface WasmMemory {
  readonly buffer: ArrayBuffer;
}

/** The part of the engine's WebAssembly that is used here; its types belong to the browser's library, which Node's lacks. */
export interface WasmApi {
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

/** @throws ReferenceError where there is none: see {@link hasWasm}. */
export const webAssembly = (): WasmApi => WebAssembly;

export const hasWasm = (): boolean => typeof WebAssembly !== 'undefined';

/** Whether threads can share memory here: a page in a browser needs to be cross-origin isolated. */
export const hasSharedMemory = (): boolean =>
  typeof SharedArrayBuffer !== 'undefined' &&
  !('crossOriginIsolated' in globalThis && !Reflect.get(globalThis, 'crossOriginIsolated'));

export const PAGE = 65536;

/** @throws RangeError when the machine does not give that much. */
export const makeMemory = (pages: number, shared: boolean): WasmMemory =>
  new WebAssembly.Memory({ initial: pages, maximum: pages, shared });
