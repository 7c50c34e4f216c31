import {
  defineFunction,
  type EncodedFunction,
  encodeModule,
  type FunctionSpec,
  type ValueType,
} from './assembler/index.js';

/** Parameters are addresses and sizes. */
type Parameters = Readonly<Record<string, Extract<ValueType, 'i32'>>>;

let count = 0;

/** A kernel that is emitted when it is first needed: a module of one function. */
export class KernelCode {
  /** A number for this process. */
  readonly id = count++;
  private readonly encoded = new Map<boolean, Uint8Array<ArrayBuffer>>();

  constructor(
    readonly name: string,
    private readonly define: () => EncodedFunction,
  ) {}

  /** The module's bytes, for a memory that threads share or one that they do not. */
  bytes(shared: boolean): Uint8Array<ArrayBuffer> {
    const known = this.encoded.get(shared);
    if (known !== undefined) return known;
    // A memory of any size fits limits that allow all.
    const limits = shared ? { initial: 1, maximum: 65536, shared } : { initial: 1 };
    const bytes = encodeModule(limits, [this.define()]);
    this.encoded.set(shared, bytes);
    return bytes;
  }
}

/** Declares a kernel; its body is built when it is first needed. */
export const kernelCode = <const P extends Parameters>(spec: FunctionSpec<P>): KernelCode =>
  new KernelCode(spec.name, () => defineFunction(spec));
