import { hasWasm, type WasmMemory, webAssembly } from '../memory/web-assembly.js';
import { defineFunction, encodeModule, f32x4, type V128, v128 } from './assembler/index.js';

function knows(instruction: (x: V128) => V128): boolean {
  if (!hasWasm()) return false;
  const probe = defineFunction({
    name: 'probe',
    parameters: { at: 'i32' },
    body: ({ at }) => [v128.store(at.get, instruction(v128.load(at.get)))],
  });
  return webAssembly().validate(encodeModule({ initial: 1 }, [probe]));
}

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
