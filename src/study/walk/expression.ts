import type { Origin } from '../by-origin.js';

/** A place in a tensor; a letter stands for any place along its dimension. */
export type Index = readonly (number | string)[];

/** Functions of numbers that occur in formulas. */
export type FunctionName =
  | 'exp'
  | 'expm1'
  | 'log'
  | 'tanh'
  | 'sigmoid'
  | 'softplus'
  | 'normalCdf'
  | 'normalPdf'
  | 'sqrt'
  | 'square'
  | 'abs'
  | 'sign'
  | 'max'
  | 'min';

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
  | {
      readonly kind: 'operator';
      readonly operator: '+' | '-' | '*' | '/';
      readonly a: Expression;
      readonly b: Expression;
    }
  | { readonly kind: 'call'; readonly name: FunctionName; readonly args: readonly Expression[] }
  /** `yes` where a > b, else `no`. */
  | {
      readonly kind: 'where';
      readonly a: Expression;
      readonly b: Expression;
      readonly yes: Expression;
      readonly no: Expression;
    }
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

const operator =
  (symbol: '+' | '-' | '*' | '/') =>
  (a: Term, b: Term): Expression => ({ kind: 'operator', operator: symbol, a: of(a), b: of(b) });

export const plus = operator('+');
export const minus = operator('-');

/** a * b; a factor of 1, which changes no bit, is left out. */
export function times(a: Term, b: Term): Expression {
  if (isOne(of(a))) return of(b);
  return isOne(of(b)) ? of(a) : operator('*')(a, b);
}

/** a / b, without a divisor of 1. */
export const over = (a: Term, b: Term): Expression => (isOne(of(b)) ? of(a) : operator('/')(a, b));

export const call = (name: FunctionName, ...args: readonly Term[]): Expression => ({
  kind: 'call',
  name,
  args: args.map(of),
});

export const where = (a: Term, b: Term, yes: Term, no: Term): Expression => ({
  kind: 'where',
  a: of(a),
  b: of(b),
  yes: of(yes),
  no: of(no),
});

/** The sum over all places; the term itself where there is one place along no dimension. */
export const sumOver = (
  letters: readonly string[],
  sizes: readonly number[],
  term: (at: Index) => Expression,
): Expression => (sizes.length === 0 ? term([]) : { kind: 'sum', letters, sizes, term });

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
  switch (e.kind) {
    case 'number':
    case 'element':
      return e;
    case 'operator': {
      const [a, b] = [change(e.a), change(e.b)];
      if (e.operator === '*') return times(a, b);
      return e.operator === '/' ? over(a, b) : { ...e, a, b };
    }
    case 'call':
      return { ...e, args: e.args.map(change) };
    case 'where':
      return { ...e, a: change(e.a), b: change(e.b), yes: change(e.yes), no: change(e.no) };
    case 'sum':
      return { ...e, term: (at) => change(e.term(at)) };
  }
}

/** The same formula with something else in the place of its elements. */
export const substitute = (e: Expression, replace: (reference: Reference) => Expression): Expression =>
  e.kind === 'element' ? replace(e) : mapParts(e, (part) => substitute(part, replace));
