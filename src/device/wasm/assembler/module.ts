import { Local, Locals, TYPE_CODES } from './function.js';
import { unsigned } from './leb128.js';
import { type Code, flatten, type SharedConstant, type Statement } from './values.js';

/** Limits of an imported memory, in pages of 64 KiB. */
export interface MemoryLimits {
  readonly initial: number;
  /** Required for a shared memory. */
  readonly maximum?: number;
  readonly shared?: boolean;
}

/** Builds what a function does from its parameters, all of them i32, and from local variables. */
export type FunctionBody = (parameters: readonly Local<'i32'>[], locals: Locals) => readonly Statement[];

/** A function as it stands in a module. */
export interface EncodedFunction {
  readonly name: string;
  readonly type: Code;
  /** As it stands in the section of code, its length included. */
  readonly body: Uint8Array;
}

/** A vector: its length, then its elements. */
const vector = (elements: Code): Code => [unsigned(elements.length), elements];

const text = (s: string): Code => vector([...new TextEncoder().encode(s)]);

/** A section: its number, its length in bytes, its contents. */
const section = (id: number, contents: Code): Code => [id, vector(flatten(contents))];

/** Bytes one after another. */
function joined(parts: readonly ArrayLike<number>[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(parts.reduce((total, { length }) => total + length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

const KIND = { function: 0, memory: 2 } as const;

/** Encodes one function without results: it works on memory. @param count how many parameters it has */
export function defineFunction(name: string, count: number, body: FunctionBody): EncodedFunction {
  const parameters = Array.from({ length: count }, (_, i) => new Local('i32', i));
  const locals = new Locals(count);
  const shared = new Map<SharedConstant, Local<'v128'>>();
  const before: Code[] = [];
  // Shared constants are found while the body is laid out, and set before it.
  const rest = flatten(body(parameters, locals), (constant) => {
    let local = shared.get(constant);
    if (local === undefined) {
      local = locals.new('v128');
      before.push(local.set({ type: 'v128', code: constant.code }));
      shared.set(constant, local);
    }
    return local.code;
  });
  const head = flatten([locals.encode(), before]);
  const types = parameters.map(({ type }) => TYPE_CODES[type]);
  const size = unsigned(head.length + rest.length + 1);
  return { name, type: [0x60, vector(types), 0], body: joined([size, head, rest, [0x0b]]) };
}

/**
 * The bytes of a module that imports one memory as `env.memory` and exports the functions by name (core
 * specification, chapter 5): magic and version, then the sections for types, imports, functions, exports and code.
 */
export function encodeModule(
  memory: MemoryLimits,
  functions: readonly EncodedFunction[],
): Uint8Array<ArrayBuffer> {
  const { initial, maximum, shared } = memory;
  const flags = (maximum === undefined ? 0 : 1) + (shared ? 2 : 0);
  const limits = [unsigned(initial), maximum === undefined ? [] : unsigned(maximum)];
  const count = unsigned(functions.length);
  const size = functions.reduce((total, { body }) => total + body.length, count.length);
  const head = flatten([
    [0x00, 0x61, 0x73, 0x6d],
    [0x01, 0x00, 0x00, 0x00],
    section(1, vector(functions.map(({ type }) => type))),
    section(2, vector([[text('env'), text('memory'), KIND.memory, flags, limits]])),
    section(3, vector(functions.map((_, i) => unsigned(i)))),
    section(7, vector(functions.map(({ name }, i) => [text(name), KIND.function, unsigned(i)]))),
    [10, unsigned(size), count],
  ]);
  return joined([head, ...functions.map(({ body }) => body)]);
}
