import type { DType } from '../../tensor/dtype.js';
import * as math from '../../tensor/math/index.js';
import {
  type Expression,
  type FunctionName,
  mapParts,
  placesOf,
  type Reference,
  substitute,
} from './expression.js';

/** What a formula comes to, and the sum of its terms taken as positive: rounding is to be measured against that. */
export interface Evaluated {
  readonly value: number;
  readonly magnitude: number;
}

type Numeric = (...args: readonly number[]) => number;
const both = ({ f32, f64 }: math.ScalarFunction): Record<DType, Numeric> => ({ float32: f32, float64: f64 });
const exactly = (f: Numeric): Record<DType, Numeric> => ({ float32: f, float64: f });

/** The functions as the engine's kernels have them. */
const FUNCTIONS: Readonly<Record<FunctionName, Readonly<Record<DType, Numeric>>>> = {
  exp: both(math.exp),
  expm1: both(math.expm1),
  log: both(math.log),
  tanh: both(math.tanh),
  sigmoid: both(math.sigmoid),
  softplus: both(math.softplus),
  normalCdf: both(math.normalCdf),
  normalPdf: exactly((x) => Math.exp(-0.5 * x * x) / Math.sqrt(2 * Math.PI)),
  sqrt: exactly(Math.sqrt),
  square: exactly((x) => x * x),
  abs: exactly(Math.abs),
  sign: exactly(Math.sign),
  max: exactly(Math.max),
  min: exactly(Math.min),
};

/** Takes the branches that the numbers take, wherever no letter stands in a condition. */
export function decided(e: Expression, lookUp: (reference: Reference) => number, dtype: DType): Expression {
  const inside = (part: Expression): Expression => decided(part, lookUp, dtype);
  if (e.kind !== 'where' || hasLetters(e.a) || hasLetters(e.b)) return mapParts(e, inside);
  const [a, b] = [e.a, e.b].map((side) => evaluate(side, lookUp, dtype).value);
  return inside(a > b ? e.yes : e.no);
}

function hasLetters(e: Expression): boolean {
  let found = false;
  substitute(e, (reference) => {
    found ||= reference.index.some((place) => typeof place === 'string');
    return reference;
  });
  return found;
}

/**
 * Works a formula out, each operation rounded to the dtype as the engine's are.
 * @param lookUp the number behind an element
 */
export function evaluate(e: Expression, lookUp: (reference: Reference) => number, dtype: DType): Evaluated {
  const round = dtype === 'float32' ? Math.fround : Number;
  const single = (value: number): Evaluated => ({ value: round(value), magnitude: Math.abs(value) });
  const work = (part: Expression): Evaluated => {
    switch (part.kind) {
      case 'number':
        return single(part.value);
      case 'element':
        return single(lookUp(part));
      case 'call': {
        const args = part.args.map(work);
        const { value, magnitude } = single(FUNCTIONS[part.name][dtype](...args.map((arg) => arg.value)));
        const largest = Math.max(...args.map((arg) => arg.magnitude));
        // These hand on what rounding their arguments carry.
        if (part.name === 'square') return { value, magnitude: largest * largest };
        return { value, magnitude: ['max', 'min', 'abs'].includes(part.name) ? largest : magnitude };
      }
      case 'where':
        return work(work(part.a).value > work(part.b).value ? part.yes : part.no);
      case 'operator': {
        const [a, b] = [work(part.a), work(part.b)];
        switch (part.operator) {
          case '+':
            return { value: round(a.value + b.value), magnitude: a.magnitude + b.magnitude };
          case '-':
            return { value: round(a.value - b.value), magnitude: a.magnitude + b.magnitude };
          case '*':
            return { value: round(a.value * b.value), magnitude: a.magnitude * b.magnitude };
          case '/':
            return { value: round(a.value / b.value), magnitude: a.magnitude / Math.abs(b.value) };
        }
      }
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
