import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { backward, exp, sum, variable } from '../../src/autograd/index.js';
import { tensor } from '../../src/tensor/create.js';
import type { DType } from '../../src/tensor/dtype.js';
import { softBound } from '../../src/vae/index.js';
import { between } from './arbitraries.js';

const gradient = (values: Float64Array, dtype: DType) => {
  const x = variable(tensor(values, { dtype }));
  return backward(sum(softBound(x))).get(x).data;
};
const any = fc.oneof(between(-30, 30), fc.double({ noNaN: true }));

describe.each(['float32', 'float64'] as const)('softBound in %s', (dtype) => {
  const at = (x: number) => softBound(tensor(x, { dtype })).item();

  it('is the identity within 10, bits and all', () => {
    fc.assert(
      fc.property(between(-10, 10), (x) => {
        expect(at(x)).toBe(tensor(x, { dtype }).item());
        expect(gradient(Float64Array.of(x), dtype)[0]).toBe(1);
      }),
    );
    expect([at(10), at(-10), at(0)]).toEqual([10, -10, 0]);
  });

  it('stays within 15, is odd, and never falls', () => {
    fc.assert(
      fc.property(any, any, (x, y) => {
        expect(Math.abs(at(x))).toBeLessThanOrEqual(15);
        expect(at(-x)).toBe(-at(x));
        expect(at(Math.max(x, y))).toBeGreaterThanOrEqual(at(Math.min(x, y)));
      }),
      { numRuns: 500 },
    );
    expect(at(12)).toBeCloseTo(10 + 5 * Math.tanh(0.4), 5);
  });

  it('has a gradient that is continuous, from 0 to 1', () => {
    const STEP = 1e-3;
    const slopes = gradient(
      Float64Array.from({ length: 80_001 }, (_, i) => (i - 40_000) * STEP),
      dtype,
    );
    // The second derivative is at most (2/5) max(tanh sech^2) = 0.154; float32 adds its rounding.
    const most = 0.154 * STEP + 1e-6;
    for (let i = 1; i < slopes.length; i++) {
      if (!(slopes[i] >= 0 && slopes[i] <= 1 && Math.abs(slopes[i] - slopes[i - 1]) <= most)) {
        expect.fail(`slopes ${slopes[i - 1]} and ${slopes[i]} at ${(i - 40_000) * STEP}`);
      }
    }
    // Beyond the bound it still pulls a stray posterior back.
    expect(slopes[0]).toBeGreaterThan(0);
    expect(slopes[80_000]).toBeGreaterThan(0);
    expect(slopes[80_000]).toBeLessThan(1e-3);
  });

  it('keeps exp(logvar) and its gradient finite and positive for logits of 1e30', () => {
    const x = variable(tensor([1e30, -1e30, 88, -104, 710, -746], { dtype }));
    const variance = exp(softBound(x));
    expect(variance.data.every((v) => v > 0 && Number.isFinite(v))).toBe(true);
    expect(backward(sum(variance)).get(x).data.every(Number.isFinite)).toBe(true);
    expect(at(Number.POSITIVE_INFINITY)).toBe(15);
    expect(at(Number.NEGATIVE_INFINITY)).toBe(-15);
    expect(at(Number.NaN)).toBeNaN();
  });
});
