import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { activation, activationNames, ELU, LeakyReLU } from '../../src/nn/index.js';
import { tensor } from '../../src/tensor/create.js';

/** erf by Simpson's rule: an independent value for gelu. */
function erf(x: number): number {
  const n = 2000;
  const h = x / n;
  let sum = 1 + Math.exp(-x * x);
  for (let i = 1; i < n; i++) sum += (i % 2 === 1 ? 4 : 2) * Math.exp(-((i * h) ** 2));
  return (2 / Math.sqrt(Math.PI)) * (h / 3) * sum;
}

const expected: Record<string, (x: number) => number> = {
  relu: (x) => Math.max(x, 0),
  leakyRelu: (x) => (x > 0 ? x : 0.01 * x),
  tanh: Math.tanh,
  sigmoid: (x) => 1 / (1 + Math.exp(-x)),
  softplus: (x) => Math.log(1 + Math.exp(x)),
  gelu: (x) => (x * (1 + erf(x / Math.SQRT2))) / 2,
  elu: (x) => (x > 0 ? x : Math.exp(x) - 1),
  silu: (x) => x / (1 + Math.exp(-x)),
};

describe('activation', () => {
  it('knows exactly these names', () => {
    expect(activationNames).toEqual(Object.keys(expected));
    expect(() => activation('swish')).toThrow(
      "activation: none is named 'swish'; there are relu, leakyRelu, tanh, sigmoid, softplus, gelu, elu, silu",
    );
    expect(() => activation('toString')).toThrow(RangeError);
  });

  it.each(activationNames)('%s is the function of that name', (name) => {
    const layer = activation(name);
    expect(layer.namedParameters().size).toBe(0);
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: -6, max: 6, noNaN: true }), { minLength: 1, maxLength: 8 }),
        (xs) => {
          const y = layer.forward(tensor(Float64Array.from(xs)));
          xs.forEach((x, i) => {
            expect(Math.abs(y.data[i] - expected[name](x))).toBeLessThan(1e-10);
          });
        },
      ),
      { numRuns: 40 },
    );
  });

  it('keeps its settings and prints them', () => {
    expect(new LeakyReLU({ slope: 0.5 }).forward(tensor([-2, 2])).toArray()).toEqual([-1, 2]);
    expect(`${new LeakyReLU({ slope: 0.5 })}`).toBe('LeakyReLU(slope=0.5)');
    const elu = new ELU({ alpha: 2 }).forward(tensor([-1, 3], { dtype: 'float64' }));
    expect(elu.data[0]).toBeCloseTo(2 * Math.expm1(-1), 14);
    expect(elu.data[1]).toBe(3);
    expect(`${new ELU()}`).toBe('ELU(alpha=1)');
    expect(`${activation('relu')}`).toBe('ReLU()');
    expect(() => new LeakyReLU({ slope: Number.NaN })).toThrow('LeakyReLU: slope is NaN');
    expect(() => new ELU({ alpha: Number.POSITIVE_INFINITY })).toThrow(RangeError);
  });
});
