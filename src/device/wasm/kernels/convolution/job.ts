import * as i32 from '../../assembler/i32.js';
import type { I32, Local, Locals, Statement } from '../../assembler/index.js';
import type { Runtime } from '../../runtime.js';
import { FLOAT } from '../../sizes.js';

/** Values that a kernel reads from memory, word by word: too many to be parameters. */
export class Job<Field extends string> {
  readonly #names: readonly Field[];

  constructor(names: readonly Field[]) {
    this.#names = names;
  }

  /** A variable of a kernel for each field, and what sets them all. */
  read(
    locals: Locals,
    job: I32,
  ): { readonly field: Readonly<Record<Field, Local<'i32'>>>; readonly readAll: Statement } {
    const variables = this.#names.map((name) => [name, locals.new('i32')] as const);
    return {
      field: Object.fromEntries(variables) as Readonly<Record<Field, Local<'i32'>>>,
      readAll: variables.map(([, local], i) => local.set(i32.load(job, i * FLOAT))),
    };
  }

  /** The address of scratch with these values. */
  put(runtime: Runtime, values: Readonly<Record<Field, number>>): number {
    return putWords(
      runtime,
      this.#names.map((name) => values[name]),
    );
  }
}

/** The address of a scratch copy of 32-bit integers. */
export function putWords(runtime: Runtime, words: ArrayLike<number>): number {
  const address = runtime.reserve(words.length);
  runtime.memory.i32.set(words, address / FLOAT);
  return address;
}
