import { defineFunction, type EncodedFunction, encodeModule, type FunctionBody } from './assembler/index.js';

let count = 0;

/** A kernel that is emitted when it is first needed: a module of one function. */
export class KernelCode {
  /** A number for this process. */
  readonly id = count++;
  readonly #encoded = new Map<boolean, Uint8Array<ArrayBuffer>>();
  readonly #define: () => EncodedFunction;

  constructor(
    readonly name: string,
    define: () => EncodedFunction,
  ) {
    this.#define = define;
  }

  /** The module's bytes, for a memory that threads share or one that they do not. */
  bytes(shared: boolean): Uint8Array<ArrayBuffer> {
    const known = this.#encoded.get(shared);
    if (known !== undefined) return known;
    // A memory of any size fits limits that allow all.
    const limits = shared ? { initial: 1, maximum: 65536, shared } : { initial: 1 };
    const bytes = encodeModule(limits, [this.#define()]);
    this.#encoded.set(shared, bytes);
    return bytes;
  }
}

/** Declares a kernel; its parameters are addresses and sizes, and its body is built when it is first needed. */
export const kernelCode = (name: string, parameters: number, body: FunctionBody): KernelCode =>
  new KernelCode(name, () => defineFunction(name, parameters, body));
