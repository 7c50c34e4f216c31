import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Random } from '../../../src/tensor/index.js';
import { type AdamArrays, type AdamScalars, adam32 } from '../../../src/tensor/kernels/adam.js';
import { adamFunction, runAdam } from '../../../src/tensor/wasm/kernels/adam.js';
import { Runtime } from '../../../src/tensor/wasm/runtime.js';
import { edges, expectSameBits, pepper, tiny } from './bits.js';

const runtime = new Runtime([adamFunction]);

const scalars = (step: number, shrink = 1, decay = 0): AdamScalars => ({
  beta1: 0.9,
  intake1: 1 - 0.9,
  beta2: 0.999,
  intake2: 1 - 0.999,
  epsilon: 1e-8,
  stepSize: 1e-3 / (1 - 0.9 ** step),
  correction: Math.sqrt(1 - 0.999 ** step),
  shrink,
  decay,
});

function storage(length: number, seed: number, amsgrad: boolean): AdamArrays {
  const random = new Random(seed);
  const normal = (name: string) => {
    const values = new Float32Array(length);
    random.stream(name).normal(values);
    return values;
  };
  return {
    p: normal('p'),
    gradient: normal('gradient'),
    m: normal('m'),
    v: normal('v').map((x) => x * x),
    largest: amsgrad ? normal('largest').map((x) => x * x) : null,
  };
}

const copy = ({ p, gradient, m, v, largest }: AdamArrays): AdamArrays => ({
  p: p.slice(),
  gradient: gradient.slice(),
  m: m.slice(),
  v: v.slice(),
  largest: largest?.slice() ?? null,
});

function expectSame(actual: AdamArrays, expected: AdamArrays): void {
  expectSameBits(actual.p, expected.p);
  expectSameBits(actual.gradient, expected.gradient);
  expectSameBits(actual.m, expected.m);
  expectSameBits(actual.v, expected.v);
  expectSameBits(actual.largest ?? [], expected.largest ?? []);
}

/** Some updates in both ways, from the same state. */
function compare(start: AdamArrays, steps: readonly AdamScalars[]): void {
  const fast = copy(start);
  const plain = copy(start);
  for (const step of steps) {
    expect(runAdam(runtime, fast, step)).toBe(true);
    adam32(plain, step);
    expectSame(fast, plain);
  }
}

const variants = [
  { name: 'Adam', shrink: 1, decay: 0, amsgrad: false },
  { name: 'Adam with L2', shrink: 1, decay: 0.01, amsgrad: false },
  { name: 'AdamW', shrink: 1 - 1e-3 * 0.01, decay: 0, amsgrad: false },
  { name: 'AMSGrad', shrink: 1, decay: 0, amsgrad: true },
  { name: 'AMSGrad with L2', shrink: 1, decay: 0.01, amsgrad: true },
] as const;

describe.each(variants)('the fast $name', ({ shrink, decay, amsgrad }) => {
  it.each([0, 1, 2, 3, 4, 5, 1025, 8191, 8192, 8193, 20_003])(
    'updates %i weights to the same bits',
    (length) => {
      const steps = [1, 2, 3].map((step) => scalars(step, shrink, decay));
      compare(storage(length, length, amsgrad), steps);
    },
  );

  it('keeps the same bits with zeros, denormals, infinities and NaN', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 70 }),
        fc.nat(),
        fc.constantFrom(1, 3, 20),
        fc.constantFrom(tiny, edges),
        (length, seed, rarity, grains) => {
          const start = storage(length, seed, amsgrad);
          const arrays = [start.p, start.gradient, start.m, start.v, start.largest ?? start.p];
          arrays.forEach((array, i) => {
            pepper(array, rarity, seed + i, grains);
          });
          compare(start, [scalars(1, shrink, decay), scalars(1000, shrink, decay)]);
        },
      ),
      { numRuns: 100 },
    );
  });
});

describe('runAdam', () => {
  it('rounds each number of an update as the plain loop does', () => {
    const number = fc.double({ min: 0, max: 1, noNaN: true });
    const any: fc.Arbitrary<AdamScalars> = fc.record({
      beta1: number,
      intake1: number,
      beta2: number,
      intake2: number,
      epsilon: number,
      stepSize: number,
      correction: number,
      shrink: number,
      // Also what is not 0 in float64 and 0 in float32.
      decay: fc.oneof(number, fc.constant(1e-60)),
    });
    fc.assert(
      fc.property(any, fc.nat(), (numbers, seed) => {
        const start = storage(9, seed, false);
        pepper(start.gradient, 3, seed, tiny);
        compare(start, [numbers]);
      }),
      { numRuns: 100 },
    );
  });

  it('leaves what stands before and after the arrays alone', () => {
    const whole = new Float32Array(30).fill(5);
    const part = (from: number) => whole.subarray(from, from + 5);
    const largest = null;
    runAdam(runtime, { p: part(1), gradient: part(7), m: part(13), v: part(19), largest }, scalars(1));
    const kept = [0, 6, 7, 8, 9, 10, 11, 12, 18, 24, 25, 26, 27, 28, 29];
    expect(kept.map((i) => whole[i])).toEqual(kept.map(() => 5));
    expect(whole[1]).not.toBe(5);
  });

  it('keeps a gradient of -0 as it is without decay', () => {
    const one = (x: number) => Float32Array.of(x);
    const start = { p: one(1), gradient: one(-0), m: one(-0), v: one(0), largest: null };
    runAdam(runtime, start, scalars(1));
    expect(start.m[0]).toBe(-0);
  });
});
