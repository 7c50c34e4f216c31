import fc from 'fast-check';
import { describe, it } from 'vitest';
import { max, min } from '../../../src/autograd/index.js';
import { fastMax, fastMin } from '../../../src/device/wasm/kernels/extreme.js';
import { Runtime } from '../../../src/device/wasm/runtime.js';
import type { Shape, Tensor } from '../../../src/tensor/index.js';
import { Tensor as T } from '../../../src/tensor/index.js';
import { expectSameBits } from './bits.js';
import { resultOf, runtime } from './runtime.js';
import { draw, kinds } from './special.js';

const runtimes = [runtime, new Runtime(runtime.memory, 3)];

const negated = ({ data, shape }: Tensor): Tensor =>
  new T(
    Float32Array.from(data, (v) => -v),
    shape,
  );

/** The smallest of all is what the largest of the negated numbers is, negated; ties of zeros too. */
function both(x: Tensor, axes: readonly number[]): void {
  const attributes = { axes, keepDims: false };
  const shape = max.op.shape([x.shape], attributes);
  const largest = T.empty(shape, 'float32');
  max.op.forward(largest, [x], attributes);
  const smallest = T.empty(shape, 'float32');
  min.op.forward(smallest, [negated(x)], attributes);
  for (const on of runtimes) {
    for (const copied of [true, false]) {
      const fast = resultOf(fastMax, shape, [x], attributes, { copied, on });
      const least = resultOf(fastMin, shape, [negated(x)], attributes, { copied, on });
      if (fast === null || least === null) throw new Error('declined');
      expectSameBits(fast.data, largest.data);
      expectSameBits(negated(least).data, largest.data);
      expectSameBits(least.data, smallest.data);
    }
  }
}

describe('the fast max and min', () => {
  it.each<[Shape, number[]]>([
    [[1024, 33], [0]],
    [[1025, 3], [0]],
    [[20_011, 3], [0]],
    [[7, 300], [0]],
    [[3, 1025, 37], [1]],
    [[100_003], [0]],
    [[2, 50_001], [1]],
    [[3 * 2 ** 14], [0]],
    [[300, 3], [1]],
    [
      [64, 33, 40],
      [0, 2],
    ],
    [
      [128, 784],
      [0, 1],
    ],
  ])('of %j over %j have the bits of the plain kernel', (shape, axes) => {
    for (const kind of ['ordinary', 'zeros', 'special']) both(draw(shape, shape.length, kind), axes);
  });

  it('have the bits of the plain kernel on random shapes', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 1, maxLength: 4 }),
        fc.nat(15),
        fc.nat(),
        kinds,
        (shape, chosen, seed, kind) => {
          const x = draw(shape, seed, kind);
          if (x.size < 16) return;
          both(
            x,
            shape.map((_, d) => d).filter((d) => (chosen >> d) % 2 === 1),
          );
        },
      ),
      { numRuns: 200 },
    );
  });

  it.each([0, 1])('give the first of equal zeros its sign, over axis %i', (axis) => {
    const first = Float32Array.from({ length: 40 * 40 }, (_, i) => (i % 3 === 0 ? -0 : i % 3 === 1 ? 0 : -1));
    both(new T(first, [40, 40]), [axis]);
  });
});
