import { signed, unsigned } from './leb128.js';

/** Types of values that kernels use. */
export type ValueType = 'i32' | 'f32' | 'v128';

/** Bytes, in lists within lists: code is put together without being copied, and laid out once, by {@link flatten}. */
export type Code = readonly (number | Code | SharedConstant)[];

/** Sixteen bytes that a function holds in a local variable of its own: engines build a constant anew wherever it stands. */
export class SharedConstant {
  constructor(readonly bytes: Code) {}
}

/** All bytes of some code, in order. @param local reads the variable of a constant */
export function flatten(
  code: Code,
  local: (constant: SharedConstant) => Code = ({ bytes }) => bytes,
  into: number[] = [],
): number[] {
  for (const part of code) {
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
export const simd = (code: number): Code => [0xfd, unsigned(code)];

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

export const lane =
  (code: number) =>
  (a: V128): V128 =>
    value('v128', a.code, simd(code));

/** An instruction on two registers. @param constant what a number stands for */
export const lanes = (code: number, constant: (x: number) => V128) => {
  const code128 = (x: Register): Code => (typeof x === 'number' ? constant(x) : x).code;
  return (a: Register, b: Register): V128 => value('v128', code128(a), code128(b), simd(code));
};

/** The same, of bits or of another kind of lanes: numbers have no meaning there. */
export const bits =
  (code: number) =>
  (a: V128, b: V128): V128 =>
    value('v128', a.code, b.code, simd(code));

export const shift =
  (code: number) =>
  (a: V128, count: Integer): V128 =>
    value('v128', a.code, codeOf(count), simd(code));

const bytesOf = new DataView(new ArrayBuffer(16));

/** Bytes of a number as they stand in memory and in code; `write` puts it at the front, the lowest byte first. */
export function littleEndian(count: number, write: (bytes: DataView) => void): number[] {
  write(bytesOf);
  return Array.from({ length: count }, (_, i) => bytesOf.getUint8(i));
}

/** A constant that a function shares, v128.const, from a function that writes its 16 bytes. */
export const shared = (write: (bytes: DataView) => void): V128 =>
  value('v128', new SharedConstant([simd(12), littleEndian(16, write)]));

/** i8x16.shuffle: bytes of two registers by their numbers. */
export const shuffleBytes = (a: V128, b: V128, bytes: readonly number[]): V128 =>
  value('v128', a.code, b.code, simd(13), bytes);
