import * as f32x4 from '../assembler/f32x4.js';
import * as i32x4 from '../assembler/i32x4.js';
import type { V128 } from '../assembler/index.js';
import * as v128 from '../assembler/v128.js';
import { expm1, log1p } from './doubles.js';
import { gelu, normalCdf } from './erf.js';
import { pow } from './power.js';
import { exp, log, sigmoid, softplus, tanh } from './transcendental.js';
import { cos, sin } from './trigonometric.js';
import type { Expression } from './vector-loop.js';

/** An elementwise op on vectors: what both its own kernel and fused ones are made from. */
export interface VectorOp {
  readonly arity: number;
  /** Its operands, and after them the op's attributes. */
  readonly expression: Expression;
  /** Names of the op's attributes, all numbers, in order. */
  readonly attributes: readonly string[];
  /** What an element takes, in nanoseconds, beside loads and stores. */
  readonly nanoseconds: number;
}

/** @param nanoseconds what an element takes beside loads and stores */
export const vectorOp = (
  arity: number,
  expression: Expression,
  nanoseconds = 0.1,
  attributes: readonly string[] = [],
): VectorOp => ({ arity, expression, attributes, nanoseconds });

/** What transcendental functions take, in nanoseconds; the second those in double arithmetic. */
export const EXP = 2.2;
export const DOUBLE = 7;

/** 1 where a mask is set, else 0. */
const asNumber = (mask: V128): V128 => v128.and(mask, f32x4.all(1));

/** a where the mask is set, else b. */
const select = v128.bitselect;

/** Of zeros and NaN, what they are. */
const sign: Expression = (_, x) => {
  const zero = f32x4.all(0);
  const signed = v128.or(v128.and(x, i32x4.all(0x80000000)), f32x4.all(1));
  return select(signed, x, v128.or(f32x4.lt(x, zero), f32x4.gt(x, zero)));
};

export const squaredDifference: Expression = (bind, a, b) => {
  const difference = bind(f32x4.sub(a, b));
  return f32x4.mul(difference, difference);
};

/** Every op that has an expression on vectors, by name: the engine's own, and those that brought theirs when they were defined. */
export const vectorOps = new Map<string, VectorOp>(
  Object.entries({
    add: vectorOp(2, (_, a, b) => f32x4.add(a, b)),
    sub: vectorOp(2, (_, a, b) => f32x4.sub(a, b)),
    mul: vectorOp(2, (_, a, b) => f32x4.mul(a, b)),
    div: vectorOp(2, (_, a, b) => f32x4.div(a, b), 0.3),
    neg: vectorOp(1, (_, x) => f32x4.neg(x)),
    square: vectorOp(1, (_, x) => f32x4.mul(x, x)),
    sqrt: vectorOp(1, (_, x) => f32x4.sqrt(x), 0.3),
    abs: vectorOp(1, (_, x) => f32x4.abs(x)),
    sign: vectorOp(1, sign),
    // pmax takes one instruction where max takes many; adding 0 turns the -0 that it leaves into 0.
    relu: vectorOp(1, (_, x) => f32x4.add(f32x4.pmax(x, 0), 0)),
    leakyRelu: vectorOp(1, (_, x, slope) => select(x, f32x4.mul(slope, x), f32x4.gt(x, 0)), 0.1, ['slope']),
    elu: vectorOp(
      1,
      (bind, x, alpha) => select(x, f32x4.mul(alpha, expm1(bind, x)), f32x4.gt(x, 0)),
      DOUBLE,
      ['alpha'],
    ),
    clamp: vectorOp(1, (_, x, min, max) => f32x4.min(f32x4.max(x, min), max), 0.2, ['min', 'max']),
    maximum: vectorOp(2, (_, a, b) => f32x4.max(a, b)),
    minimum: vectorOp(2, (_, a, b) => f32x4.min(a, b)),
    greater: vectorOp(2, (_, a, b) => asNumber(f32x4.gt(a, b))),
    greaterEqual: vectorOp(2, (_, a, b) => asNumber(f32x4.ge(a, b))),
    less: vectorOp(2, (_, a, b) => asNumber(f32x4.lt(a, b))),
    lessEqual: vectorOp(2, (_, a, b) => asNumber(f32x4.le(a, b))),
    equalTo: vectorOp(2, (_, a, b) => asNumber(f32x4.eq(a, b))),
    notEqual: vectorOp(2, (_, a, b) => asNumber(f32x4.ne(a, b))),
    where: vectorOp(3, (_, condition, a, b) => select(a, b, f32x4.ne(condition, 0))),
    exp: vectorOp(1, exp, EXP),
    log: vectorOp(1, log, EXP),
    expm1: vectorOp(1, expm1, DOUBLE),
    log1p: vectorOp(1, log1p, DOUBLE),
    tanh: vectorOp(1, tanh, EXP),
    sigmoid: vectorOp(1, sigmoid, EXP),
    softplus: vectorOp(1, softplus, 2 * EXP),
    sin: vectorOp(1, sin, DOUBLE),
    cos: vectorOp(1, cos, DOUBLE),
    normalCdf: vectorOp(1, normalCdf, 1.5 * DOUBLE),
    gelu: vectorOp(1, gelu, 1.5 * DOUBLE),
    pow: vectorOp(2, pow, 2.5 * DOUBLE),
    squaredDifference: vectorOp(2, squaredDifference),
  }),
);

/** The attributes of an application of an op, in the order of its expression; undefined when they are not all there. */
export function attributeNumbers({ attributes: names }: VectorOp, attributes: unknown): number[] | undefined {
  const numbers: number[] = [];
  for (const name of names) {
    const value: unknown =
      typeof attributes === 'object' && attributes !== null ? Reflect.get(attributes, name) : undefined;
    if (typeof value !== 'number') return undefined;
    numbers.push(value);
  }
  return numbers;
}
