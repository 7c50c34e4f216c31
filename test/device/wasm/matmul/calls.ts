import fc from 'fast-check';
import { Tensor } from '../../../../src/tensor/index.js';
import { draw, kinds } from '../special.js';

/** Shapes of both batches and of the result's. */
const batches: readonly (readonly [number[], number[], number[]])[] = [
  [[], [], []],
  [[2], [2], [2]],
  [[3], [], [3]],
  [
    [2, 1],
    [1, 3],
    [2, 3],
  ],
];

/** The same numbers in an array that begins amid a vector. */
function misplaced(x: Tensor): Tensor {
  const buffer = new Float32Array(x.size + 1);
  buffer.set(x.data, 1);
  return new Tensor(buffer.subarray(1), x.shape);
}

/** Products of all transposes and batches, of odd sizes and troublesome values. */
export const calls = fc
  .record({
    batch: fc.constantFrom(...batches),
    m: fc.integer({ min: 1, max: 33 }),
    k: fc.integer({ min: 1, max: 70 }),
    n: fc.integer({ min: 1, max: 41 }),
    transposeA: fc.boolean(),
    transposeB: fc.boolean(),
    kindA: kinds,
    kindB: kinds,
    seed: fc.nat(1e6),
    shifted: fc.boolean(),
    copied: fc.boolean(),
  })
  .map(({ batch: [first, second, out], m, k, n, transposeA, transposeB, kindA, kindB, ...rest }) => {
    const { seed, shifted, copied } = rest;
    const place = shifted ? misplaced : (x: Tensor): Tensor => x;
    return {
      a: place(draw([...first, ...(transposeA ? [k, m] : [m, k])], seed, kindA)),
      b: place(draw([...second, ...(transposeB ? [n, k] : [k, n])], seed + 1, kindB)),
      shape: [...out, m, n],
      layout: { transposeA, transposeB },
      work: out.reduce((size, d) => size * d, 1) * m * n * k,
      copied,
    };
  });
