import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { allFinite, allWithin, setBackend } from '../../src/index.js';
import { Tensor } from '../../src/tensor/tensor.js';

afterEach(() => setBackend('simd'));

const lengths = fc.array(fc.oneof(fc.nat(5), fc.nat(300)), { maxLength: 4 });
const values = fc.oneof(
  fc.double({ min: -2, max: 2, noNaN: true }),
  fc.constantFrom(0, -0, 1, 0.1, Number.NaN, 1e300),
);

/** Tensors of halves with one other value somewhere. */
const tensors = fc
  .tuple(lengths, fc.array(fc.boolean(), { minLength: 4, maxLength: 4 }), values, fc.nat())
  .map(([sizes, wide, odd, at]) => {
    const list = sizes.map(
      (n, i) => new Tensor(wide[i] ? new Float64Array(n).fill(0.5) : new Float32Array(n).fill(0.5), [n]),
    );
    const target = list[at % Math.max(1, list.length)];
    if (target?.size) target.data[at % target.size] = odd;
    return list;
  });

describe.each(['simd', 'plain'] as const)('with the %s backend', (name) => {
  it('allWithin is true where every element is, bounds included, and NaN is not', () => {
    setBackend(name);
    // 0.1 is no float32 number: the one nearest to it is larger.
    const bounds = fc.tuple(fc.constantFrom(0, 0.1, -1), fc.constantFrom(1, 0.1, 0.5));
    fc.assert(
      fc.property(tensors, bounds, (list, [low, high]) => {
        const expected = list.every((t) => Array.from(t.data).every((x) => x >= low && x <= high));
        expect(allWithin(list, low, high)).toBe(expected);
      }),
      { numRuns: 300 },
    );
  });

  it('allFinite refuses what is not a finite number, and nothing else', () => {
    setBackend(name);
    for (const n of [1, 70]) {
      for (const make of [() => new Float32Array(n), () => new Float64Array(n)]) {
        const of = (x: number) => {
          const data = make();
          data[n - 1] = x;
          return [new Tensor(data, [n])];
        };
        for (const x of [0, -0, 3.4028234663852886e38, -3.4028234663852886e38, 1e-45])
          expect(allFinite(of(x))).toBe(true);
        for (const x of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])
          expect(allFinite(of(x))).toBe(false);
      }
    }
    expect(allFinite([new Tensor(new Float64Array(70).fill(1e300), [70])])).toBe(true);
    expect(allFinite([])).toBe(true);
  });
});
