import fc from 'fast-check';
import type { DomainCase, InputRange, Sizes } from '../autograd/domain.js';
import type { Arity, Op, OpFunction } from '../autograd/op.js';
import { type Shape, sizeOf } from '../tensor/shape.js';
import { Tensor } from '../tensor/tensor.js';
import { shapesOf } from './shapes.js';
import { distinctValues, oneValue } from './values.js';

/** An op, or a function that calls one. */
export type OpLike = Op | OpFunction<Arity, never>;

/** A random call of an op. */
export interface OpSample {
  /** In float64. */
  readonly inputs: readonly Tensor[];
  /** As passed by a caller. */
  readonly attributes: unknown;
  /** Seed of other draws for this sample, such as cotangents. */
  readonly seed: number;
}

/** The random calls of one case of an op's domain. */
export interface OpCase {
  /** A few words: the shapes and attributes of the case. */
  readonly label: string;
  readonly samples: fc.Arbitrary<OpSample>;
}

export const opOf = (op: OpLike): Op => (typeof op === 'function' ? op.op : op);

const isFunctionOfSizes = (attributes: unknown): attributes is (sizes: Sizes) => unknown =>
  typeof attributes === 'function';

function labelOf({ shapes, attributes, label }: DomainCase<unknown>): string {
  const drawn = typeof shapes === 'string' ? shapes : shapes.map((s) => `[${s.join(', ')}]`).join(' ');
  if (label !== undefined) return `${drawn}, ${label}`;
  return attributes === undefined || isFunctionOfSizes(attributes)
    ? drawn
    : `${drawn}, ${JSON.stringify(attributes)}`;
}

/** The range of values of input k; the last entry applies to all further inputs. */
const rangeOf = (op: Op, k: number): InputRange => {
  const { inputs } = op.domain;
  if (inputs.length === 0) throw new RangeError(`domain of '${op.name}': inputs is empty; give a range`);
  return inputs[Math.min(k, inputs.length - 1)];
};

/** Elements of all inputs, in one list per input. */
function valuesFor(op: Op, shapes: readonly Shape[]): fc.Arbitrary<number[][]> {
  const counts = shapes.map(sizeOf);
  if (op.domain.distinct !== true) {
    return fc.tuple(
      ...counts.map((n, k) => fc.array(oneValue(rangeOf(op, k)), { minLength: n, maxLength: n })),
    );
  }
  // All values come from one grid, so that no two are equal, in any input.
  const ranges = shapes.map((_, k) => rangeOf(op, k));
  const shared: InputRange = {
    range: [Math.max(...ranges.map((r) => r.range[0])), Math.min(...ranges.map((r) => r.range[1]))],
    kinks: ranges.flatMap((r) => r.kinks ?? []),
  };
  const total = counts.reduce((sum, n) => sum + n, 0);
  return distinctValues(shared, total).map((values) => {
    const starts = counts.map((_, k) => counts.slice(0, k).reduce((sum, n) => sum + n, 0));
    return counts.map((n, k) => values.slice(starts[k], starts[k] + n));
  });
}

/** The random calls of one case. */
function samplesOf(op: Op, domainCase: DomainCase<unknown>): fc.Arbitrary<OpSample> {
  const { attributes } = domainCase;
  return shapesOf(op.name, op.arity, domainCase).chain(({ shapes, sizes }) =>
    fc.tuple(valuesFor(op, shapes), fc.nat()).map(([values, seed]) => ({
      inputs: values.map((list, k) => new Tensor(Float64Array.from(list), shapes[k])),
      attributes: isFunctionOfSizes(attributes) ? attributes(sizes) : attributes,
      seed,
    })),
  );
}

/**
 * Turns an op's domain, which is plain data, into fast-check arbitraries: one for each of its cases, of inputs in
 * float64 and attributes. Values lie in the declared range, at least 0.01 from kinks and, for a domain
 * that says `distinct`, from each other. They shrink to small shapes and simple values.
 * @throws RangeError on a domain that cannot be drawn from.
 */
export function opCases(op: OpLike): OpCase[] {
  const resolved = opOf(op);
  return resolved.domain.cases.map((domainCase) => ({
    label: labelOf(domainCase),
    samples: samplesOf(resolved, domainCase),
  }));
}
