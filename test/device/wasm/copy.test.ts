import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { runCopy } from '../../../src/device/wasm/kernels/copy.js';
import { Runtime } from '../../../src/device/wasm/runtime.js';
import { copyStrided, type StridedCopy, stridedCopy } from '../../../src/tensor/kernels/strided.js';
import { stridesOf } from '../../../src/tensor/shape.js';
import { expectSameBits } from './bits.js';
import { runtime } from './runtime.js';

const runtimes = [runtime, new Runtime(runtime.memory, 3)];

interface Case {
  readonly copy: StridedCopy;
  /** Numbers in the source and in the target. */
  readonly from: number;
  readonly to: number;
}

/** Any shape, walked in any order in source and target, with gaps between steps, and repeated along some dimensions of the source. */
const dimension = fc.record({
  size: fc.oneof(fc.integer({ min: 0, max: 9 }), fc.integer({ min: 1, max: 70 })),
  gap: fc.constantFrom(1, 1, 1, 2, 3),
  repeated: fc.constantFrom(false, false, false, true),
  fromRank: fc.nat(),
  toRank: fc.nat(),
});

const cases: fc.Arbitrary<Case> = fc
  .tuple(fc.array(dimension, { maxLength: 6 }), fc.nat(5), fc.nat(5))
  .filter(([dimensions]) => dimensions.reduce((size, d) => size * d.size * d.gap, 1) < 60_000)
  .map(([dimensions, fromStart, toStart]) => {
    /** Strides with the dimensions nested in the order of `rank`, and the numbers that they span. */
    const strided = (rank: 'fromRank' | 'toRank', sizes: readonly number[]) => {
      const order = dimensions.map((_, d) => d).sort((a, b) => dimensions[a][rank] - dimensions[b][rank]);
      const strides = stridesOf(order.map((d) => sizes[d] * dimensions[d].gap));
      return {
        steps: dimensions.map((d, i) => strides[order.indexOf(i)] * d.gap),
        span: sizes.reduce((size, n, d) => size * n * dimensions[d].gap, 1),
      };
    };
    const sizes = dimensions.map(({ size }) => size);
    const source = strided(
      'fromRank',
      dimensions.map(({ size, repeated }) => (repeated ? Math.min(1, size) : size)),
    );
    const target = strided('toRank', sizes);
    const from = source.steps.map((step, d) => (dimensions[d].repeated ? 0 : step));
    const start = { from: fromStart, to: toStart };
    return {
      copy: stridedCopy(sizes, from, target.steps, start),
      from: source.span + fromStart,
      to: target.span + toStart,
    };
  });

/** Untouched numbers. */
const BEFORE = -7;

describe('runCopy', () => {
  it('copies what the plain loops copy, and touches nothing else', () => {
    fc.assert(
      fc.property(cases, ({ copy, from, to }) => {
        const values = Float32Array.from({ length: from }, (_, i) => (i % 5 === 0 ? -0 : i));
        const expected = new Float32Array(to + 16).fill(BEFORE);
        copyStrided(expected, values, copy);
        for (const on of runtimes) {
          on.scoped(() => {
            const source = on.put(values);
            const target = on.reserve(to + 16);
            const result = on.memory.floats(target, to + 16).fill(BEFORE);
            runCopy(on, source, target, copy);
            expectSameBits(result, expected);
          });
        }
      }),
      { numRuns: 400 },
    );
  });

  it.each<[string, readonly number[], readonly number[], readonly number[]]>([
    ['runs', [300, 301], [400, 1], [301, 1]],
    ['splats', [300, 301], [1, 0], [301, 1]],
    ['squares', [301, 305], [1, 301], [305, 1]],
    ['squares of a long row', [305, 301], [1, 305], [301, 1]],
    ['single elements', [300, 301], [602, 2], [903, 3]],
    ['rows of two', [2, 50_001], [50_001, 1], [1, 2]],
  ])('shares %s between threads', (_, shape, from, to) => {
    const copy = stridedCopy(shape, from, to);
    const extent = (steps: readonly number[]) =>
      1 + steps.reduce((sum, step, d) => sum + step * (shape[d] - 1), 0);
    const values = Float32Array.from({ length: extent(from) }, (_, i) => i);
    const expected = new Float32Array(extent(to)).fill(BEFORE);
    copyStrided(expected, values, copy);
    for (const on of runtimes) {
      on.scoped(() => {
        const source = on.put(values);
        const target = on.reserve(expected.length);
        const result = on.memory.floats(target, expected.length).fill(BEFORE);
        runCopy(on, source, target, copy);
        expectSameBits(result, expected);
      });
    }
    expect(expected.includes(BEFORE)).toBe(to.at(-1) === 3);
  });
});
