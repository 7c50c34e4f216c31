import fc from 'fast-check';
import type { InputRange } from '../autograd/domain.js';

/** Drawn values keep at least this far from kinks and, where they must differ, from each other: 1000 steps. */
export const MARGIN = 1e-2;

/** Divisions of a range, at least, for ordinary values. */
const FINE = 2 ** 22;
/** The simple values that shrinking prefers are multiples of this. */
const COARSE = 1 / 4;

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

/** Multiples of a unit, which shrink towards 0. */
function multiples([low, high]: Interval, unit: number): fc.Arbitrary<number>[] {
  const min = Math.ceil(low / unit);
  const max = Math.floor(high / unit);
  return min > max ? [] : [fc.integer({ min, max }).map((k) => k * unit)];
}

/** Any value, on a grid of a power of two so fine that float32 has few numbers in between. */
function inside(interval: Interval): fc.Arbitrary<number> {
  const [low, high] = interval;
  const [values = fc.constant(low)] = multiples(interval, 2 ** Math.floor(Math.log2((high - low) / FINE)));
  return values;
}

/** One value of an input; shrinks to small multiples of 1/4. */
export function oneValue(input: InputRange): fc.Arbitrary<number> {
  if (input.values !== undefined) return fc.constantFrom(...input.values);
  const parts = intervals(input);
  const coarse = parts
    .flatMap((part) => multiples(part, COARSE))
    .map((arbitrary) => ({ arbitrary, weight: 1 }));
  const fine = parts.map((part) => ({ arbitrary: inside(part), weight: 3 }));
  return fc.oneof({ withCrossShrink: true }, ...coarse, ...fine);
}

/** `count` values of an input, no two closer than the margin. @throws RangeError when the range has no room for them. */
export function distinctValues(input: InputRange, count: number): fc.Arbitrary<number[]> {
  const parts = intervals(input);
  const width = parts.reduce((total, [low, high]) => total + (high - low), 0);
  // Twice as many places as values; a value lies in the middle half of its place.
  const place = Math.max(2 * MARGIN, width / (2 * count + 1));
  const places = parts.flatMap(([low, high]) =>
    Array.from({ length: Math.floor((high - low) / place) }, (_, i) => low + (i + 0.25) * place),
  );
  if (places.length < count) {
    const [low, high] = input.range;
    throw new RangeError(`domain: [${low}, ${high}] has no room for ${count} values ${MARGIN} apart`);
  }
  const within = fc.array(fc.integer({ min: 0, max: FINE }), { minLength: count, maxLength: count });
  return fc
    .tuple(fc.shuffledSubarray(places, { minLength: count, maxLength: count }), within)
    .map(([starts, offsets]) => starts.map((start, i) => start + (0.5 * place * offsets[i]) / FINE));
}
