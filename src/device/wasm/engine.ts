import { clip, messageOf } from '../../tensor/describe.js';
import { hasWasm, makeMemory, type WasmMemory, webAssembly } from '../../tensor/memory/web-assembly.js';
import * as f32x4 from './assembler/f32x4.js';
import { defineFunction, encodeModule, type V128 } from './assembler/index.js';
import * as v128 from './assembler/v128.js';

/** The module of a kernel that has one instruction. */
const probe = (instruction: (x: V128) => V128): Uint8Array<ArrayBuffer> =>
  encodeModule({ initial: 1 }, [
    defineFunction('probe', 1, ([at]) => [v128.store(at, instruction(v128.load(at)))]),
  ]);

const knows = (instruction: (x: V128) => V128): boolean =>
  hasWasm() && webAssembly().validate(probe(instruction));

/** Whether this engine knows WebAssembly and its SIMD instructions. */
export const hasSimd = (): boolean => knows(f32x4.sqrt);

/** Whether it knows the relaxed ones too, among them the fused multiply-add. */
export const hasRelaxedSimd = (): boolean => knows((x) => f32x4.relaxedMadd(x, x, x));

/** An emitted kernel: addresses and sizes, all i32. */
export type Emitted = (...args: readonly number[]) => void;

const isEmitted = (f: unknown): f is Emitted => typeof f === 'function';

/** Makes a module of one function ready to run on a memory. @throws WebAssembly.CompileError for code that is not valid. */
export function instantiate(bytes: Uint8Array<ArrayBuffer>, memory: WasmMemory): Emitted {
  const { Instance, Module } = webAssembly();
  const { exports } = new Instance(new Module(bytes), { env: { memory } });
  const [f] = Object.values(exports);
  if (!isEmitted(f)) throw new Error('an emitted module exports no function');
  return f;
}

/** Makes and runs a small kernel. @throws Error with the reason why kernels cannot run here, to follow 'since' */
export function tryKernel(): void {
  if (!hasWasm()) throw new Error('there is no WebAssembly here');
  if (!hasSimd()) throw new Error('there is no WebAssembly SIMD here');
  try {
    // Code that is valid may still not be compiled: a page's content security policy decides.
    instantiate(probe(f32x4.sqrt), makeMemory(1, false))(0);
  } catch (error) {
    throw new Error(`WebAssembly may not run here (${clip(messageOf(error), 120)})`, { cause: error });
  }
}
