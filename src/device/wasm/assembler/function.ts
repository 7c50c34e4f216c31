import * as i32 from './i32.js';
import { unsigned } from './leb128.js';
import {
  type Code,
  codeOf,
  type I32,
  type Integer,
  type Statement,
  type Value,
  type ValueType,
} from './values.js';

/** How the binary format writes a type. */
export const TYPE_CODES: Readonly<Record<ValueType, number>> = { i32: 0x7f, f32: 0x7d, v128: 0x7b };

const VOID = 0x40;

/** A parameter or local variable of a function; as a value, local.get. */
export class Local<T extends ValueType> implements Value<T> {
  readonly code: Code;
  readonly #index: readonly number[];

  constructor(
    readonly type: T,
    index: number,
  ) {
    this.#index = unsigned(index);
    this.code = [0x20, ...this.#index];
  }

  /** local.set. */
  set(value: Value<T> | (T extends 'i32' ? number : never)): Statement {
    return [codeOf(value), 0x21, this.#index];
  }
}

/** Collects the local variables of a function while its body is built. */
export class Locals {
  private readonly types: ValueType[] = [];

  constructor(private readonly parameters: number) {}

  /** A new variable; it starts as zero. */
  new<T extends ValueType>(type: T): Local<T> {
    this.types.push(type);
    return new Local(type, this.parameters + this.types.length - 1);
  }

  /** `count` new variables. */
  array<T extends ValueType>(type: T, count: number): Local<T>[] {
    return Array.from({ length: count }, () => this.new(type));
  }

  /** The declarations as they stand before a body, one run for each variable. */
  encode(): Code {
    return [unsigned(this.types.length), this.types.map((type) => [1, TYPE_CODES[type]])];
  }
}

/** Runs `body` if the condition is not 0. */
export const when = (condition: I32, ...body: readonly Statement[]): Statement => [
  condition.code,
  0x04,
  VOID,
  body,
  0x0b,
];

/** Runs `body` again and again while the condition, tested before each turn, is not 0. */
export const repeatWhile = (condition: I32, ...body: readonly Statement[]): Statement => [
  // block { loop { if not condition: leave the block; body; back to the loop } }
  [0x02, VOID, 0x03, VOID],
  i32.eqz(condition).code,
  [0x0d, 1],
  body,
  [0x0c, 0, 0x0b, 0x0b],
];

/** Adds an integer to one. */
export const advance = (variable: Local<'i32'>, by: Integer): Statement =>
  variable.set(i32.add(variable, by));

/** for (; counter < end; counter += step) body, on signed integers; the counter starts from what it holds. */
export const countUp = (
  [counter, end, step]: readonly [counter: Local<'i32'>, end: Integer, step: number],
  ...body: readonly Statement[]
): Statement => repeatWhile(i32.lt(counter, end), body, advance(counter, step));
