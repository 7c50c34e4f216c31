import type { Dimension, DomainCase, InputRange, Sizes } from '../autograd/domain.js';
import type { Op } from '../autograd/op.js';
import { type Shape, sizeOf } from '../tensor/shape.js';
import { Tensor } from '../tensor/tensor.js';

/** Where random choices come from: fast-check in tests, a stream in `pathwise check`. */
export interface Source {
  /** A whole number from min to max, both included; simple choices are near 0. */
  integer(min: number, max: number): number;
}

/** A random call of an op. */
export interface OpSample {
  /** In float64. */
  readonly inputs: readonly Tensor[];
  /** As passed by a caller. */
  readonly attributes: unknown;
  /** Seed of other draws for this sample, such as cotangents. */
  readonly seed: number;
}

const MAX_RANK = 3;
const MAX_SIZE = 4;
/** Drawn values keep at least this far from kinks and, if distinct, from each other: 1000 steps of a difference. */
const MARGIN = 1e-2;
/** Divisions of a range, at least, for ordinary values. */
const FINE = 2 ** 22;
/** The simple values that shrinking prefers are multiples of this. */
const COARSE = 1 / 4;

const listOf = <T>(length: number, make: (k: number) => T): T[] => Array.from({ length }, (_, k) => make(k));

/** 1 to 4, and sometimes 0. */
const anySize = (source: Source): number => (source.integer(0, 12) < 12 ? source.integer(1, MAX_SIZE) : 0);

/** The full shape, or a shape that is broadcast to it: leading dimensions left out, others of size 1. */
function stretched(full: Shape, source: Source): Shape {
  if (source.integer(0, 1) === 0) return full;
  const leave = source.integer(0, MAX_RANK);
  return full.map((n) => (source.integer(0, 1) === 1 ? 1 : n)).slice(leave);
}

function namedShapes(
  dimensions: readonly (readonly Dimension[])[],
  source: Source,
): { readonly shapes: Shape[]; readonly sizes: Sizes } {
  const names = [...new Set(dimensions.flat())].filter((d) => typeof d === 'string');
  // Smaller sizes for many names, to keep the number of elements down.
  const max = names.length > 3 ? MAX_SIZE - 1 : MAX_SIZE;
  const sizes = Object.fromEntries(names.map((name) => [name, source.integer(1, max)]));
  return { shapes: dimensions.map((list) => list.map((d) => (typeof d === 'number' ? d : sizes[d]))), sizes };
}

/**
 * 'any' and 'broadcast' shapes have rank 0 to 3 and sizes 0 to 4, named dimensions 1 to 4; an op of 'many' inputs gets one
 * to three of them unless its shapes are listed.
 */
function drawShapes(
  { arity }: Pick<Op, 'arity'>,
  { shapes }: DomainCase<unknown>,
  source: Source,
): { readonly shapes: Shape[]; readonly sizes: Sizes } {
  if (shapes !== 'any' && shapes !== 'broadcast') return namedShapes(shapes, source);
  const count = arity === 'many' ? source.integer(1, 3) : arity;
  const full = listOf(source.integer(0, MAX_RANK), () => anySize(source));
  return { shapes: listOf(count, () => (shapes === 'any' ? full : stretched(full, source))), sizes: {} };
}

/** The range of values of input k; the last entry applies to all further inputs. */
function rangeOf({ name, domain: { inputs } }: Op, k: number): InputRange {
  if (inputs.length === 0) throw new RangeError(`domain of '${name}': inputs is empty; give a range`);
  return inputs[Math.min(k, inputs.length - 1)];
}

type Interval = readonly [low: number, high: number];

/** The range without the neighbourhoods of its kinks. @throws RangeError when nothing is left. */
function intervals({ range: [low, high], kinks = [] }: InputRange): Interval[] {
  const sorted = kinks.filter((k) => k > low - MARGIN && k < high + MARGIN).sort((a, b) => a - b);
  const edges = [low, ...sorted.flatMap((k) => [k - MARGIN, k + MARGIN]), high];
  const found: Interval[] = [];
  for (let i = 0; i < edges.length; i += 2)
    if (edges[i] <= edges[i + 1]) found.push([edges[i], edges[i + 1]]);
  if (found.length === 0) {
    throw new RangeError(
      `domain: no values are left in [${low}, ${high}] away from the kinks ${kinks.join(', ')}`,
    );
  }
  return found;
}

const pick = <T>(list: readonly T[], source: Source): T => list[source.integer(0, list.length - 1)];

/** A multiple of a unit in an interval; undefined if there is none. */
function multiple([low, high]: Interval, unit: number, source: Source): number | undefined {
  const [min, max] = [Math.ceil(low / unit), Math.floor(high / unit)];
  return min > max ? undefined : source.integer(min, max) * unit;
}

/** One value of an input: a multiple of 1/4, or any on a grid so fine that float32 has few numbers in between. */
function drawValue(input: InputRange, source: Source): number {
  if (input.values !== undefined) return pick(input.values, source);
  const isSimple = source.integer(0, 3) === 0;
  const part = pick(intervals(input), source);
  const fine = 2 ** Math.floor(Math.log2((part[1] - part[0]) / FINE));
  return (isSimple ? multiple(part, COARSE, source) : undefined) ?? multiple(part, fine, source) ?? part[0];
}

/** `count` values of an input, no two closer than the margin. @throws RangeError when the range has no room for them. */
function distinctValues(input: InputRange, count: number, source: Source): number[] {
  const parts = intervals(input);
  const width = parts.reduce((total, [low, high]) => total + (high - low), 0);
  // Twice as many cells as values; a value lies in the middle half of its cell.
  const cell = Math.max(2 * MARGIN, width / (2 * count + 1));
  const cells = parts.flatMap(([low, high]) =>
    listOf(Math.floor((high - low) / cell), (i) => low + (i + 0.25) * cell),
  );
  if (cells.length < count) {
    const [low, high] = input.range;
    throw new RangeError(`domain: [${low}, ${high}] has no room for ${count} values ${MARGIN} apart`);
  }
  return listOf(count, () => {
    const [start] = cells.splice(source.integer(0, cells.length - 1), 1);
    return start + (0.5 * cell * source.integer(0, FINE)) / FINE;
  });
}

function drawInputs(op: Op, shapes: readonly Shape[], source: Source): Tensor[] {
  const counts = shapes.map(sizeOf);
  if (op.domain.distinct !== true) {
    return shapes.map((shape, k) => {
      const range = rangeOf(op, k);
      return new Tensor(
        Float64Array.from({ length: counts[k] }, () => drawValue(range, source)),
        shape,
      );
    });
  }
  // All values come from one grid, so that no two are equal, in any input.
  const ranges = shapes.map((_, k) => rangeOf(op, k));
  const shared: InputRange = {
    range: [Math.max(...ranges.map((r) => r.range[0])), Math.min(...ranges.map((r) => r.range[1]))],
    kinks: ranges.flatMap((r) => r.kinks ?? []),
  };
  const total = counts.reduce((sum, n) => sum + n, 0);
  const values = distinctValues(shared, total, source);
  return shapes.map((shape, k) => new Tensor(Float64Array.from(values.splice(0, counts[k])), shape));
}

export const isFunctionOfSizes = (attributes: unknown): attributes is (sizes: Sizes) => unknown =>
  typeof attributes === 'function';

/** A random call for one case of an op's domain. @throws RangeError on a domain that cannot be drawn from. */
export function drawSample(op: Op, domainCase: DomainCase<unknown>, source: Source): OpSample {
  const { shapes, sizes } = drawShapes(op, domainCase, source);
  const { attributes } = domainCase;
  return {
    inputs: drawInputs(op, shapes, source),
    attributes: isFunctionOfSizes(attributes) ? attributes(sizes) : attributes,
    seed: source.integer(0, 0x7fffffff),
  };
}
