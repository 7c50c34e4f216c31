import fc from 'fast-check';
import type { DomainCase } from '../autograd/domain.js';
import type { Arity, Op, OpFunction } from '../autograd/op.js';
import { drawSample, isFunctionOfSizes, type OpSample } from './draw.js';

/** An op, or a function that calls one. */
export type OpLike = Op | OpFunction<Arity, never>;

/** The random calls of one case of an op's domain. */
export interface OpCase {
  /** A few words: the shapes and attributes of the case. */
  readonly label: string;
  readonly samples: fc.Arbitrary<OpSample>;
}

export const opOf = (op: OpLike): Op => (typeof op === 'function' ? op.op : op);

function labelOf({ shapes, attributes, label }: DomainCase<unknown>): string {
  const drawn = typeof shapes === 'string' ? shapes : shapes.map((s) => `[${s.join(', ')}]`).join(' ');
  if (label !== undefined) return `${drawn}, ${label}`;
  return attributes === undefined || isFunctionOfSizes(attributes)
    ? drawn
    : `${drawn}, ${JSON.stringify(attributes)}`;
}

/**
 * Turns an op's domain, which is plain data, into fast-check arbitraries: one for each of its cases, of inputs in
 * float64 and attributes. Values lie in the declared range, at least 0.01 from kinks and, for a domain
 * that says `distinct`, from each other. They shrink to small shapes and simple values.
 * @throws RangeError when a case lists shapes for another number of inputs than the op has.
 */
export function opCases(op: OpLike): OpCase[] {
  const resolved = opOf(op);
  const { name, arity, domain } = resolved;
  return domain.cases.map((domainCase) => {
    const { shapes } = domainCase;
    if (typeof shapes !== 'string' && arity !== 'many' && shapes.length !== arity) {
      throw new RangeError(
        `domain of '${name}': a case lists ${shapes.length} shapes, but the op takes ${arity} inputs`,
      );
    }
    const samples = fc
      .gen()
      .map((draw) =>
        drawSample(resolved, domainCase, { integer: (min, max) => draw(fc.integer, { min, max }) }),
      );
    return { label: labelOf(domainCase), samples };
  });
}
