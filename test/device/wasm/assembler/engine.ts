import {
  type EncodedFunction,
  encodeModule,
  type MemoryLimits,
} from '../../../../src/device/wasm/assembler/index.js';

/** What the tests use of the engine; the types of Node lack it. */
declare const WebAssembly: {
  readonly validate: (bytes: Uint8Array<ArrayBuffer>) => boolean;
  readonly Memory: new (limits: MemoryLimits) => { readonly buffer: ArrayBuffer };
  readonly Module: new (bytes: Uint8Array<ArrayBuffer>) => object;
  readonly Instance: new (
    module: object,
    imports: Readonly<Record<string, Readonly<Record<string, object>>>>,
  ) => { readonly exports: Readonly<Record<string, unknown>> };
};

export const isValid = (bytes: Uint8Array<ArrayBuffer>): boolean => WebAssembly.validate(bytes);

/** A running module, and its memory as numbers of both kinds. */
export function instantiate(limits: MemoryLimits, functions: readonly EncodedFunction[]) {
  const memory = new WebAssembly.Memory(limits);
  const module = new WebAssembly.Module(encodeModule(limits, functions));
  const { exports } = new WebAssembly.Instance(module, { env: { memory } });
  const run = (name: string, ...args: readonly number[]): void => {
    const f = exports[name];
    if (typeof f !== 'function') throw new Error(`nothing is exported as '${name}'`);
    f(...args);
  };
  return { run, integers: new Int32Array(memory.buffer), floats: new Float32Array(memory.buffer) };
}
