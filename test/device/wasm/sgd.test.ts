import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Runtime } from '../../../src/device/wasm/runtime.js';
import { sgdUpdates } from '../../../src/nn/optim/sgd.js';
import { Tensor } from '../../../src/tensor/tensor.js';
import { runtime } from './runtime.js';
import { type SgdScalars, type SgdUpdate, sgd32 } from './sgd-loop.js';
import {
  type Arrays,
  compareUpdates,
  drawArrays,
  type Place,
  places,
  runUpdate,
  type Tensors,
} from './updates.js';

type Name = 'p' | 'gradient' | 'v';
const NAMES: readonly Name[] = ['p', 'gradient', 'v'];

const arrays = (
  length: number,
  seed: number,
  velocity: boolean,
  grains: 'none' | 'tiny' | 'edges' = 'none',
) => drawArrays(NAMES, (name) => (name === 'v' && !velocity ? 'none' : 'any'), length, seed, grains);

const empty = () => new Tensor(new Float32Array(0), [0]);
const update = ({ p, gradient, v }: Tensors<Name>, scalars: SgdScalars): SgdUpdate => ({
  p: p ?? empty(),
  gradient: gradient ?? empty(),
  v,
  scalars,
});

/** Runs the kernels of the updates, each variant's by itself. */
function runSgd(on: Runtime, updates: readonly SgdUpdate[]): void {
  for (const { p, gradient, v, scalars } of updates) {
    const { learningRate, weightDecay, momentum, intake, nesterov } = scalars;
    const decays = Math.fround(weightDecay) === 0 ? 'not' : 'decays';
    const variant = sgdUpdates[nesterov ? 'nesterov' : 'plain'][decays];
    const tensors = [gradient, p, ...(v === null ? [] : [v])];
    const numbers = [learningRate, weightDecay, momentum, intake];
    runUpdate(on, v === null ? variant.plain : variant.momentum, [{ tensors, numbers }]);
  }
}

/** Two steps in both ways, from the same state. */
function compare(
  parameters: readonly Arrays<Name>[],
  scalars: (parameter: number) => SgdScalars,
  place: (parameter: number, array: number) => Place,
  on = runtime,
): void {
  compareUpdates(
    parameters,
    place,
    (all) => {
      for (let i = 0; i < 2; i++) {
        on.scoped(() =>
          runSgd(
            on,
            all.map((one, k) => update(one, scalars(k))),
          ),
        );
      }
    },
    (all) => {
      for (let i = 0; i < 2; i++) for (const [k, one] of all.entries()) sgd32(update(one, scalars(k)));
    },
  );
}

const number = fc.double({ min: 0, max: 1, noNaN: true });
const anyScalars: fc.Arbitrary<SgdScalars> = fc.record({
  learningRate: number,
  // Also what is not 0 in float64 and 0 in float32.
  weightDecay: fc.oneof(fc.constantFrom(0, 1e-60, 0.01), number),
  momentum: number,
  intake: fc.oneof(fc.constant(1), number),
  nesterov: fc.boolean(),
});

describe('the fast SGD', () => {
  it('updates any parameters in one pass to the same bits, wherever they stand', () => {
    const parameters = fc.array(
      fc.record({
        length: fc.oneof(fc.integer({ min: 0, max: 70 }), fc.nat(1000)),
        velocity: fc.boolean(),
        at: fc.array(places, { minLength: 3, maxLength: 3 }),
      }),
      { minLength: 1, maxLength: 6 },
    );
    fc.assert(
      fc.property(
        parameters,
        anyScalars,
        anyScalars,
        fc.nat(),
        fc.constantFrom('none', 'tiny', 'edges'),
        (list, even, odd, seed, grains) => {
          compare(
            list.map(({ length, velocity }, i) => arrays(length, seed + i, velocity, grains)),
            (i) => (i % 2 === 0 ? even : odd),
            (parameter, array) => list[parameter].at[array],
          );
        },
      ),
    );
  });

  it.each([2, 3])('gives the same bits on %i threads, over the borders of parameters', (threads) => {
    const on = new Runtime(runtime.memory, threads);
    expect(on.threads).toBe(threads);
    const scalars = { learningRate: 0.1, weightDecay: 0.01, momentum: 0.9, intake: 1, nesterov: true };
    compare(
      [50_001, 0, 3, 100_000, 31].map((length, i) => arrays(length, i, i % 2 === 0)),
      () => scalars,
      () => 'step',
      on,
    );
  });

  it('keeps a gradient of -0 as it is without decay', () => {
    const one = (x: number) => new Tensor(Float32Array.of(x), [1]);
    const scalars = { learningRate: 1, weightDecay: 0, momentum: 1, intake: 1, nesterov: false };
    const start = { p: one(1), gradient: one(-0), v: one(-0), scalars };
    runtime.scoped(() => runSgd(runtime, [start]));
    expect(start.v.data[0]).toBe(-0);
  });
});
