import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { variable } from '../../src/autograd/variable.js';
import { clipGradientsByNorm } from '../../src/nn/index.js';
import { tensor } from '../../src/tensor/create.js';
import { Tensor } from '../../src/tensor/tensor.js';

const vector = fc.float64Array({ min: -1e3, max: 1e3, noNaN: true, maxLength: 12 });

function setup(gradients: readonly (Float64Array | Float32Array)[]) {
  const parameters = new Map<string, Tensor>();
  const found = new Map<Tensor, Tensor>();
  gradients.forEach((g, i) => {
    const gradient = new Tensor(g, [g.length]);
    const parameter = variable(gradient.clone());
    parameters.set(`p${i}`, parameter);
    found.set(parameter, gradient);
  });
  return { parameters, found, source: { find: (t: Tensor) => found.get(t) } };
}

const elements = (gradients: readonly (Float64Array | Float32Array)[]): number[] =>
  gradients.flatMap((g) => [...g]);

describe('clipGradientsByNorm', () => {
  it('gives the total norm and a gradient of the same direction, no longer than allowed', () => {
    fc.assert(
      fc.property(
        fc.array(vector, { minLength: 1, maxLength: 4 }),
        fc.double({ min: 1e-3, max: 1e3, noNaN: true }),
        (given, maxNorm) => {
          const { parameters, source } = setup(given);
          const before = elements(given);
          const { norm, gradients } = clipGradientsByNorm(parameters, source, maxNorm);
          const expected = Math.hypot(...before, 0);
          expect(Math.abs(norm - expected)).toBeLessThanOrEqual(1e-12 * expected);
          const clipped = [...parameters.values()].map((p) => gradients.find(p)?.data ?? new Float64Array());
          const factor = Math.min(1, maxNorm / (expected + 1e-6));
          elements(clipped).forEach((x, i) => {
            expect(Math.abs(x - before[i] * factor)).toBeLessThanOrEqual(1e-12 * Math.abs(before[i]));
          });
          expect(Math.hypot(...elements(clipped), 0)).toBeLessThanOrEqual(maxNorm * (1 + 1e-12));
          expect(elements(given)).toEqual(before);
        },
      ),
    );
  });

  it('leaves short gradients as they are', () => {
    const { parameters, source } = setup([Float64Array.of(0.3, 0.4)]);
    const [parameter] = parameters.values();
    for (const maxNorm of [0.5 + 1e-6, 0.6, Number.POSITIVE_INFINITY]) {
      const { norm, gradients } = clipGradientsByNorm(parameters, source, maxNorm);
      expect(norm).toBeCloseTo(0.5, 15);
      expect(gradients.find(parameter)).toBe(source.find(parameter));
    }
  });

  it.each([Float32Array, Float64Array])('takes a gradient of zeros for one of norm 0: %o', (kind) => {
    const { parameters, source } = setup([kind.of(0, 0), kind.of(0)]);
    const { norm, gradients } = clipGradientsByNorm(parameters, source, 1);
    expect(norm).toBe(0);
    for (const parameter of parameters.values())
      expect(gradients.find(parameter)).toBe(source.find(parameter));
  });

  it("is PyTorch's formula, 1e-6 included", () => {
    const { parameters, source } = setup([Float64Array.of(3e-6), Float64Array.of(4e-6)]);
    const [p0] = parameters.values();
    const { gradients } = clipGradientsByNorm(parameters, source, 1e-6);
    expect(gradients.find(p0)?.data[0]).toBeCloseTo((3e-6 * 1e-6) / 6e-6, 18);
  });

  it('rounds float32 gradients once', () => {
    const { parameters, source } = setup([Float32Array.of(3, 4)]);
    const [p0] = parameters.values();
    const factor = Math.fround(1 / (5 + 1e-6));
    const { gradients } = clipGradientsByNorm(parameters, source, 1);
    expect([...(gradients.find(p0)?.data ?? [])]).toEqual([Math.fround(3 * factor), Math.fround(4 * factor)]);
  });

  it('takes the norm of float32 gradients from their squares in float64, which are exact', () => {
    const float32 = fc.float({ min: Math.fround(-1e3), max: Math.fround(1e3), noNaN: true });
    fc.assert(
      fc.property(float32, float32, (a, b) => {
        const { parameters, source } = setup([Float32Array.of(a), Float32Array.of(b)]);
        expect(clipGradientsByNorm(parameters, source, 1).norm).toBe(Math.sqrt(a * a + b * b));
      }),
    );
  });

  it('does not overflow on huge gradients or lose tiny ones', () => {
    for (const scale of [1e200, 1e-200]) {
      const { parameters, source } = setup([Float64Array.of(3 * scale, 4 * scale)]);
      const { norm } = clipGradientsByNorm(parameters, source, 1);
      expect(norm / scale).toBeCloseTo(5, 12);
    }
  });

  it('passes over parameters without a gradient, and knows no others', () => {
    const { parameters, source } = setup([Float64Array.of(30), Float64Array.of(40)]);
    const [p0] = parameters.values();
    const unused = variable(tensor([1]));
    parameters.set('unused', unused);
    const both = clipGradientsByNorm(parameters, source, 1);
    expect(both.norm).toBeCloseTo(50, 12);
    expect(both.gradients.find(unused)).toBeUndefined();
    const one = clipGradientsByNorm(new Map([['p0', p0]]), source, 1);
    expect(one.norm).toBe(30);
    expect([...parameters.values()].filter((p) => one.gradients.find(p) !== undefined)).toEqual([p0]);
    expect(() => clipGradientsByNorm(new Map(), source, 1)).toThrow(
      'clipGradientsByNorm: there are no parameters',
    );
  });

  it('names the parameter whose gradient is not finite, and refuses a bad bound', () => {
    for (const [bad, kind, at] of [
      [Number.NaN, Float64Array, 0],
      [Number.NEGATIVE_INFINITY, Float64Array, 1],
      [Number.POSITIVE_INFINITY, Float32Array, 2],
    ] as const) {
      const { parameters, source } = setup([kind.of(1), kind.of(0, 0, 0).fill(bad, at)]);
      const withUnused = new Map([['unused', variable(tensor([1]))], ...parameters]);
      expect(() => clipGradientsByNorm(withUnused, source, 1)).toThrow(
        `element ${at} of the gradient of 'p1' is ${bad}`,
      );
    }
    const { parameters, source } = setup([Float64Array.of(1)]);
    for (const maxNorm of [0, -1, Number.NaN]) {
      expect(() => clipGradientsByNorm(parameters, source, maxNorm)).toThrow('it must be greater than 0');
    }
  });
});
