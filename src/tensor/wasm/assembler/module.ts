import { Local, Locals, TYPE_CODES } from './function.js';
import { unsigned } from './leb128.js';
import { type Code, flatten, type Statement, type ValueType } from './values.js';

/** Limits of an imported memory, in pages of 64 KiB. */
export interface MemoryLimits {
  readonly initial: number;
  /** Required for a shared memory. */
  readonly maximum?: number;
  readonly shared?: boolean;
}

/** A function without results: it works on memory. */
export interface FunctionSpec<P extends Readonly<Record<string, ValueType>>> {
  readonly name: string;
  /** Name and type of each parameter, in order. */
  readonly parameters: P;
  readonly body: (
    parameters: { readonly [K in keyof P]: Local<P[K]> },
    locals: Locals,
  ) => readonly Statement[];
}

/** A function as it stands in a module. */
export interface EncodedFunction {
  readonly name: string;
  readonly type: readonly number[];
  readonly body: readonly number[];
}

/** A vector: its length, then its elements. */
const vector = (elements: readonly Code[]): Code => [unsigned(elements.length), elements];

const text = (s: string): number[] => {
  const bytes = [...new TextEncoder().encode(s)];
  return [...unsigned(bytes.length), ...bytes];
};

/** A section: its number, its length in bytes, its contents. */
function section(id: number, contents: Code): Code {
  const bytes = flatten(contents);
  return [id, unsigned(bytes.length), bytes];
}

const KIND = { function: 0, memory: 2 } as const;

/** Encodes one function. */
export function defineFunction<const P extends Readonly<Record<string, ValueType>>>(
  spec: FunctionSpec<P>,
): EncodedFunction {
  const types = Object.values(spec.parameters);
  const entries = Object.entries(spec.parameters).map(([name, type], i) => [name, new Local(type, i)]);
  const locals = new Locals(types.length);
  const body = spec.body(Object.fromEntries(entries), locals);
  const code = flatten([locals.encode(), body, 0x0b]);
  return {
    name: spec.name,
    type: flatten([0x60, vector(types.map((type) => [TYPE_CODES[type]])), vector([])]),
    body: flatten([unsigned(code.length), code]),
  };
}

/**
 * The bytes of a module that imports one memory as `env.memory` and exports the functions by name (core
 * specification, chapter 5): magic and version, then the sections for types, imports, functions, exports and code.
 */
export function encodeModule(
  memory: MemoryLimits,
  functions: readonly EncodedFunction[],
): Uint8Array<ArrayBuffer> {
  const flags = (memory.maximum === undefined ? 0 : 1) + (memory.shared ? 2 : 0);
  const limits = [
    ...unsigned(memory.initial),
    ...(memory.maximum === undefined ? [] : unsigned(memory.maximum)),
  ];
  const memoryImport = [...text('env'), ...text('memory'), KIND.memory, flags, ...limits];
  const code = flatten([
    [0x00, 0x61, 0x73, 0x6d],
    [0x01, 0x00, 0x00, 0x00],
    section(1, vector(functions.map(({ type }) => type))),
    section(2, vector([memoryImport])),
    section(3, vector(functions.map((_, i) => unsigned(i)))),
    section(7, vector(functions.map(({ name }, i) => [...text(name), KIND.function, ...unsigned(i)]))),
    section(10, vector(functions.map(({ body }) => body))),
  ]);
  return new Uint8Array(code);
}
