import { signed, unsigned } from './leb128.js';

/** Types of values that kernels use. */
export type ValueType = 'i32' | 'f32' | 'v128';

/** Bytes, in lists within lists: code is put together without being copied, and laid out once, by {@link flatten}. */
export type Code = readonly (number | Code)[];

/** All bytes of some code, in order. */
export function flatten(code: Code, into: number[] = []): number[] {
  for (const part of code) {
    if (typeof part === 'number') into.push(part);
    else flatten(part, into);
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

/** What instructions take: a value, or where that is an integer, a number for a constant. */
export type Operand<T extends ValueType> = Value<T> | (T extends 'i32' ? number : never);

/** Instructions that leave the stack as it was. */
export type Statement = Code;

/** Code of an instruction with the 0xfd prefix, under which all SIMD instructions stand. */
export const simd = (code: number): Code => [0xfd, unsigned(code)];

/** An instruction by its code, behind those that make its operands. */
export const value = <T extends ValueType>(type: T, ...code: Code): Value<T> => ({ type, code });

/** The code of an operand; of a number, that of i32.const. */
export const codeOf = (x: Value<ValueType> | number): Code =>
  typeof x === 'number' ? [0x41, signed(x)] : x.code;

export const unary =
  <A extends ValueType, R extends ValueType>(result: R, op: Code) =>
  (a: Operand<A>): Value<R> =>
    value(result, codeOf(a), op);

export const binary =
  <A extends ValueType, B extends ValueType, R extends ValueType>(result: R, op: Code) =>
  (a: Operand<A>, b: Operand<B>): Value<R> =>
    value(result, codeOf(a), codeOf(b), op);

/** A memory access: alignment (4 bytes; it is only a hint) and constant offset stand behind its code. */
export const loads =
  <R extends ValueType>(result: R, op: Code) =>
  (address: Operand<'i32'>, offset = 0): Value<R> =>
    value(result, codeOf(address), op, 2, unsigned(offset));

export const stores =
  <T extends ValueType>(op: Code) =>
  (address: Operand<'i32'>, stored: Operand<T>, offset = 0): Statement => [
    codeOf(address),
    codeOf(stored),
    op,
    2,
    unsigned(offset),
  ];

export const lanes = (code: number) => binary<'v128', 'v128', 'v128'>('v128', simd(code));
export const lane = (code: number) => unary<'v128', 'v128'>('v128', simd(code));
export const shift = (code: number) => binary<'v128', 'i32', 'v128'>('v128', simd(code));

const bytesOf = new DataView(new ArrayBuffer(16));

/** Bytes of a number as they stand in memory and in code; `write` puts it at the front, the lowest byte first. */
export function littleEndian(count: number, write: (bytes: DataView) => void): number[] {
  write(bytesOf);
  return Array.from({ length: count }, (_, i) => bytesOf.getUint8(i));
}

/** v128.const, from a function that writes its 16 bytes. */
export const constant = (write: (bytes: DataView) => void): V128 =>
  value('v128', simd(12), littleEndian(16, write));

/** i8x16.shuffle: bytes of two registers by their numbers. */
export const shuffleBytes = (a: V128, b: V128, bytes: readonly number[]): V128 =>
  value('v128', a.code, b.code, simd(13), bytes);
