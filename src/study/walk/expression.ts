import { add, div, greater, mul, type Op, type OpFunction, relu } from '../../autograd/index.js';
import type { Primitive } from '../../program/primitive.js';
import type { Program, Source } from '../../program/program.js';
import type { Origin } from '../by-origin.js';

/** A place in a tensor; a letter stands for any place along its dimension. */
export type Index = readonly (number | string)[];

/** An element of a tensor: of its value, or of a gradient with respect to it. */
export interface Reference {
  readonly kind: 'element';
  readonly of: 'value' | Origin;
  readonly node: string;
  readonly index: Index;
}

/** A formula for one number: what is printed for people is what is evaluated. */
export type Expression =
  | { readonly kind: 'number'; readonly value: number }
  | Reference
  /** A primitive of the engine on its operands. */
  | { readonly kind: 'apply'; readonly primitive: Primitive; readonly args: readonly Expression[] }
  /** Over all places in `sizes`; `letters` stand for them where the term is printed. */
  | {
      readonly kind: 'sum';
      readonly letters: readonly string[];
      readonly sizes: readonly number[];
      readonly term: (at: Index) => Expression;
    };

/** A plain number stands for itself. */
type Term = Expression | number;

const of = (term: Term): Expression => (typeof term === 'number' ? { kind: 'number', value: term } : term);
const isOne = (e: Expression): boolean => e.kind === 'number' && e.value === 1;

/** A primitive on its operands; a factor or divisor of 1, which changes no bit, is left out. */
export function applied(primitive: Primitive, args: readonly Expression[]): Expression {
  const [a, b] = args;
  if ((primitive.symbol === '*' || primitive.symbol === '/') && isOne(b)) return a;
  if (primitive.symbol === '*' && isOne(a)) return b;
  return { kind: 'apply', primitive, args };
}

/** The primitive behind an op. */
function primitiveOf({ op }: { readonly op: Op }): Primitive {
  if (op.primitive === undefined) throw new Error(`${op.name} is no primitive`);
  return op.primitive;
}

const operator =
  (op: OpFunction<2, never>) =>
  (a: Term, b: Term): Expression =>
    applied(primitiveOf(op), [of(a), of(b)]);

export const plus = operator(add);
export const times = operator(mul);
export const over = operator(div);
export const greaterThan = operator(greater);
export const rectified = (x: Expression): Expression => applied(primitiveOf(relu), [x]);

/** A program with expressions for its inputs. */
export function expressionOf({ steps, outputs }: Program, inputs: readonly Expression[]): Expression {
  const results: Expression[] = [];
  const read = (source: Source): Expression => {
    if ('input' in source) return inputs[source.input];
    return 'step' in source ? results[source.step] : of(source.constant);
  };
  for (const { primitive, sources } of steps) results.push(applied(primitive, sources.map(read)));
  return read(outputs[0]);
}

/** The sum over all places, 0 for none; the term itself where there is one place along no dimension. */
export const sumOver = (
  letters: readonly string[],
  sizes: readonly number[],
  term: (at: Index) => Expression,
): Expression => {
  if (sizes.length === 0) return term([]);
  return sizes.includes(0) ? of(0) : { kind: 'sum', letters, sizes, term };
};

/** All places of a sum, in row-major order. */
export function* placesOf(sizes: readonly number[]): Generator<readonly number[]> {
  const count = sizes.reduce((product, n) => product * n, 1);
  for (let flat = 0; flat < count; flat++) {
    const at = new Array<number>(sizes.length);
    let rest = flat;
    for (let d = sizes.length - 1; d >= 0; d--) {
      at[d] = rest % sizes[d];
      rest = Math.floor(rest / sizes[d]);
    }
    yield at;
  }
}

/** The same formula with its parts changed, those of its sums too. */
export function mapParts(e: Expression, change: (part: Expression) => Expression): Expression {
  if (e.kind === 'apply') return applied(e.primitive, e.args.map(change));
  return e.kind === 'sum' ? { ...e, term: (at) => change(e.term(at)) } : e;
}

/** The same formula with something else in the place of its elements. */
export const substitute = (e: Expression, replace: (reference: Reference) => Expression): Expression =>
  e.kind === 'element' ? replace(e) : mapParts(e, (part) => substitute(part, replace));
