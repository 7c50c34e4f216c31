import { evaluatePrimitive } from '../../program/primitive.js';
import type { DType } from '../../tensor/dtype.js';
import { type Expression, mapParts, placesOf, type Reference, substitute } from './expression.js';

/** What a formula comes to, and the sum of its terms taken as positive: rounding is to be measured against that. */
export interface Evaluated {
  readonly value: number;
  readonly magnitude: number;
}

type LookUp = (reference: Reference) => number;

function hasLetters(e: Expression): boolean {
  let found = false;
  substitute(e, (reference) => {
    found ||= reference.index.some((place) => typeof place === 'string');
    return reference;
  });
  return found;
}

const COMPARISONS = ['>', '>=', '<', '<=', '==', '!='];

const isComparison = (e: Expression): boolean =>
  e.kind === 'apply' && COMPARISONS.includes(e.primitive.symbol);

/** Takes the branches that the numbers take, and puts 1 or 0 for comparisons, wherever no letter stands in them. */
export function decided(e: Expression, lookUp: LookUp, dtype: DType): Expression {
  const inside = (part: Expression): Expression => decided(part, lookUp, dtype);
  if (e.kind !== 'apply') return mapParts(e, inside);
  const { symbol } = e.primitive;
  const [condition, yes, no] = e.args;
  if (symbol === 'where' && !hasLetters(condition)) {
    return inside(evaluate(condition, lookUp, dtype).value !== 0 ? yes : no);
  }
  if (isComparison(e) && !hasLetters(e)) {
    return { kind: 'number', value: evaluate(e, lookUp, dtype).value };
  }
  if (symbol === '*' && isComparison(e.args[1])) {
    // A factor that is a mask: what it masks is left, or 0.
    const mask = inside(e.args[1]);
    if (mask.kind === 'number' && mask.value === 0) return mask;
  }
  return mapParts(e, inside);
}

/** How large the terms of an operation are, from those of its operands. */
function magnitudeOf(symbol: string, value: number, args: readonly Evaluated[]): number {
  const [a, b = a] = args;
  switch (symbol) {
    case '+':
      return a.magnitude + b.magnitude;
    case '-':
      return args.length === 1 ? a.magnitude : a.magnitude + b.magnitude;
    case '*':
      return a.magnitude * b.magnitude;
    case '/':
      return a.magnitude / Math.abs(b.value);
    case '^2':
      return a.magnitude * a.magnitude;
    case 'max':
    case 'min':
    case 'abs':
    case 'max(x, 0)':
      // These hand on what rounding their arguments carry.
      return Math.max(a.magnitude, b.magnitude);
    default:
      return Math.abs(value);
  }
}

/**
 * Works a formula out, each operation rounded to the dtype as the engine's are.
 * @param lookUp the number of an element
 */
export function evaluate(e: Expression, lookUp: LookUp, dtype: DType): Evaluated {
  const round = dtype === 'float32' ? Math.fround : Number;
  const single = (value: number): Evaluated => ({ value: round(value), magnitude: Math.abs(value) });
  const work = (part: Expression): Evaluated => {
    if (part.kind === 'number') return single(part.value);
    if (part.kind === 'element') return single(lookUp(part));
    if (part.kind === 'apply') {
      const { primitive, args } = part;
      if (primitive.symbol === 'where') return work(work(args[0]).value !== 0 ? args[1] : args[2]);
      const operands = args.map(work);
      const value = evaluatePrimitive(
        primitive,
        operands.map((operand) => operand.value),
        dtype,
      );
      return { value, magnitude: magnitudeOf(primitive.symbol, value, operands) };
    }
    let [value, magnitude] = [0, 0];
    for (const at of placesOf(part.sizes)) {
      const term = work(part.term(at));
      value = round(value + term.value);
      magnitude += term.magnitude;
    }
    return { value, magnitude };
  };
  return work(e);
}
