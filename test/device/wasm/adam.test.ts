import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Runtime } from '../../../src/device/wasm/runtime.js';
import { adamUpdates } from '../../../src/nn/optim/adam.js';
import { Tensor } from '../../../src/tensor/tensor.js';
import { type AdamScalars, type AdamUpdate, adam32 } from './adam-loop.js';
import { runtime } from './runtime.js';
import {
  type Arrays,
  compareUpdates,
  drawArrays,
  type Place,
  places,
  runUpdate,
  type Tensors,
} from './updates.js';

type Name = 'p' | 'gradient' | 'm' | 'v' | 'largest';
const NAMES: readonly Name[] = ['p', 'gradient', 'm', 'v', 'largest'];

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

const arrays = (length: number, seed: number, amsgrad: boolean, grains: 'none' | 'tiny' | 'edges' = 'none') =>
  drawArrays(
    NAMES,
    (name) => {
      if (name === 'largest') return amsgrad ? 'positive' : 'none';
      return name === 'v' ? 'positive' : 'any';
    },
    length,
    seed,
    grains,
  );

const empty = () => new Tensor(new Float32Array(0), [0]);
const update = ({ p, gradient, m, v, largest }: Tensors<Name>, numbers: AdamScalars): AdamUpdate => ({
  p: p ?? empty(),
  gradient: gradient ?? empty(),
  m: m ?? empty(),
  v: v ?? empty(),
  largest,
  scalars: numbers,
});

/** Runs the kernels of the updates, those with a largest mean square apart from those without. */
function runAdam(on: Runtime, updates: readonly AdamUpdate[]): void {
  for (const decays of [false, true]) {
    for (const amsgrad of [false, true]) {
      const own = updates.filter(
        ({ largest, scalars: { decay } }) =>
          (largest !== null) === amsgrad && (Math.fround(decay) !== 0) === decays,
      );
      const { adam, amsgrad: withLargest } = decays ? adamUpdates.withDecay : adamUpdates.withoutDecay;
      const rows = own.map(({ p, gradient, m, v, largest, scalars: n }) => ({
        tensors: [gradient, p, m, v, ...(largest === null ? [] : [largest])],
        numbers: [
          n.beta1,
          n.intake1,
          n.beta2,
          n.intake2,
          n.epsilon,
          n.stepSize,
          n.correction,
          n.shrink,
          n.decay,
        ],
      }));
      runUpdate(on, amsgrad ? withLargest : adam, rows);
    }
  }
}

/** Some steps in both ways, from the same state; parameters may have numbers of their own. */
function compare(
  parameters: readonly Arrays<Name>[],
  steps: readonly ((parameter: number) => AdamScalars)[],
  place: (parameter: number, array: number) => Place = () => 'step',
  on = runtime,
): void {
  compareUpdates(
    parameters,
    place,
    (all) => {
      for (const at of steps) {
        on.scoped(() =>
          runAdam(
            on,
            all.map((one, i) => update(one, at(i))),
          ),
        );
      }
    },
    (all) => {
      for (const at of steps) for (const [i, one] of all.entries()) adam32(update(one, at(i)));
    },
  );
}

const variants = [
  { name: 'Adam', shrink: 1, decay: 0, amsgrad: false },
  { name: 'Adam with L2', shrink: 1, decay: 0.01, amsgrad: false },
  { name: 'AdamW', shrink: 1 - 1e-3 * 0.01, decay: 0, amsgrad: false },
  { name: 'AMSGrad', shrink: 1, decay: 0, amsgrad: true },
  { name: 'AMSGrad with L2', shrink: 1, decay: 0.01, amsgrad: true },
] as const;

describe.each(variants)('the fast $name', ({ shrink, decay, amsgrad }) => {
  it.each([0, 1, 2, 3, 4, 5, 1025, 20_003])('updates %i weights to the same bits', (length) => {
    compare(
      [arrays(length, length, amsgrad)],
      [1, 2, 3].map((step) => () => scalars(step, shrink, decay)),
    );
  });

  it('updates any parameters in one pass, wherever they stand', () => {
    const parameters = fc.array(
      fc.tuple(fc.integer({ min: 0, max: 70 }), fc.array(places, { minLength: 5, maxLength: 5 })),
      {
        minLength: 1,
        maxLength: 6,
      },
    );
    fc.assert(
      fc.property(parameters, fc.nat(), fc.constantFrom('none', 'tiny', 'edges'), (list, seed, grains) => {
        // Every other parameter is at another step.
        const numbers = [1, 2].map((first) => [0, 1].map((odd) => scalars(first + 999 * odd, shrink, decay)));
        compare(
          list.map(([length], i) => arrays(length, seed + i, amsgrad, grains)),
          numbers.map((at) => (i) => at[i % 2]),
          (parameter, array) => list[parameter][1][array],
        );
      }),
      { numRuns: 60 },
    );
  });
});

describe('an update of Adam', () => {
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
      fc.property(any, fc.nat(), (numbers, seed) =>
        compare([arrays(9, seed, false, 'tiny')], [() => numbers]),
      ),
      { numRuns: 100 },
    );
  });

  it.each([2, 3])('gives the same bits on %i threads, over the borders of parameters', (threads) => {
    const on = new Runtime(runtime.memory, threads);
    expect(on.threads).toBe(threads);
    const lengths = [50_001, 0, 3, 17, 100_000, 1, 31];
    compare(
      lengths.map((length, i) => arrays(length, i, i % 2 === 0)),
      [1, 2, 3].map((step) => () => scalars(step)),
      (parameter, array) => ((parameter + array) % 3 === 0 ? 'persistent' : 'step'),
      on,
    );
  });

  it('keeps a gradient of -0 as it is without decay', () => {
    const one = (x: number) => new Tensor(Float32Array.of(x), [1]);
    const start = { p: one(1), gradient: one(-0), m: one(-0), v: one(0), largest: null, scalars: scalars(1) };
    runtime.scoped(() => runAdam(runtime, [start]));
    expect(start.m.data[0]).toBe(-0);
  });
});
