import { signed, unsigned } from './leb128.js';

/** Types of values that kernels use. */
export type ValueType = 'i32' | 'f32' | 'v128';

/** Bytes, in lists within lists: code is put together without being copied, and laid out once, by {@link flatten}. */
export type Code = readonly (number | Code | SharedConstant)[];

/** An instruction for sixteen bytes that a function holds in a local variable: engines build a constant anew wherever it stands. */
export class SharedConstant {
  constructor(readonly code: readonly number[]) {}
}

/** All bytes of some code, in order. @param local reads the variable of a constant */
export function flatten(
  code: Code,
  local: (constant: SharedConstant) => Code = ({ code }) => code,
  into: number[] = [],
): number[] {
  // Most of what it takes to emit a kernel is spent here, before any engine optimizes it.
  for (let i = 0; i < code.length; i++) {
    const part = code[i];
    if (typeof part === 'number') into.push(part);
    else flatten(part instanceof SharedConstant ? local(part) : part, local, into);
  }
  return into;
}

/** Instructions that leave one value of a type on the stack. Expressions are built from the inside out. */
export interface Value<T extends ValueType> {
  readonly type: T;
  readonly code: Code;
}

export type I32 = Value<'i32'>;
export type F32 = Value<'f32'>;
export type V128 = Value<'v128'>;

/** An integer, or a number for a constant. */
export type Integer = I32 | number;
/** A register, or a number for a constant in all its lanes. */
export type Register = V128 | number;

/** Instructions that leave the stack as it was. */
export type Statement = Code;

/** Code of an instruction with the 0xfd prefix, under which all SIMD instructions stand. */
export const simd = (code: number): readonly number[] => [0xfd, ...unsigned(code)];

/** An instruction by its code, after those that make its operands. */
export const value = <T extends ValueType>(type: T, ...code: Code): Value<T> => ({ type, code });

/** The code of a value; of a number, that of i32.const. */
export const codeOf = (x: Value<ValueType> | number): Code =>
  typeof x === 'number' ? [0x41, signed(x)] : x.code;

/** A memory access: alignment (4 bytes, only a hint) and constant offset follow its code. */
export const loads =
  <R extends ValueType>(result: R, op: Code) =>
  (address: Integer, offset = 0): Value<R> =>
    value(result, codeOf(address), op, 2, unsigned(offset));

export const stores =
  <T>(op: Code) =>
  (address: Integer, stored: Value<ValueType> & T, offset = 0): Statement => [
    codeOf(address),
    stored.code,
    op,
    2,
    unsigned(offset),
  ];

export const lane = (code: number) => {
  const instruction = simd(code);
  return (a: V128): V128 => value('v128', a.code, instruction);
};

/** An instruction on two registers. @param constant what a number stands for */
export const lanes = (code: number, constant: (x: number) => V128) => {
  const instruction = simd(code);
  const code128 = (x: Register): Code => (typeof x === 'number' ? constant(x) : x).code;
  return (a: Register, b: Register): V128 => value('v128', code128(a), code128(b), instruction);
};

/** The same, of bits or of another kind of lanes: numbers have no meaning there. */
export const bits = (code: number) => {
  const instruction = simd(code);
  return (a: V128, b: V128): V128 => value('v128', a.code, b.code, instruction);
};

export const shift = (code: number) => {
  const instruction = simd(code);
  return (a: V128, count: Integer): V128 => value('v128', a.code, codeOf(count), instruction);
};

const words = new Int32Array(4);
const bytesOf = new DataView(words.buffer);

/** Bytes of a number as they stand in memory and in code; `write` puts it at the front, the lowest byte first. */
export function littleEndian(count: number, write: (bytes: DataView) => void): number[] {
  write(bytesOf);
  return [...new Uint8Array(words.buffer, 0, count)];
}

const constants = new Map<string, V128>();

/** A constant that a function shares, v128.const, from a function that writes its 16 bytes; the same bytes give the same object. */
export function shared(write: (bytes: DataView) => void): V128 {
  write(bytesOf);
  const key = `${words[0]} ${words[1]} ${words[2]} ${words[3]}`;
  let constant = constants.get(key);
  if (constant === undefined) {
    constant = value('v128', new SharedConstant([...simd(12), ...new Uint8Array(words.buffer)]));
    constants.set(key, constant);
  }
  return constant;
}

/** i8x16.shuffle: bytes of two registers by their numbers. */
export const shuffleBytes = (a: V128, b: V128, bytes: readonly number[]): V128 =>
  value('v128', a.code, b.code, simd(13), bytes);
