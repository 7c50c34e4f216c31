import fc from 'fast-check';
import { Random } from '../../../src/index.js';
import { type Shape, Tensor } from '../../../src/tensor/index.js';
import { sizeOf } from '../../../src/tensor/shape.js';

/** Numbers at which kernels go wrong. */
const SPECIAL = [0, -0, 1e-45, -1e-40, 1e-30, 1e30, 3.4e38, -3.4e38, Infinity, -Infinity, Number.NaN, 1, -1];

/** How much of a tensor is special: ordinary values, some zeros, or any trouble. */
export const kinds = fc.constantFrom('ordinary', 'zeros', 'special');

/** Normal draws from a seed, with zeros of both signs or numbers of every trouble among them. */
export function draw(shape: Shape, seed: number, kind: string): Tensor {
  const stream = new Random(seed).stream('wasm');
  const data = stream.normal(new Float32Array(sizeOf(shape)));
  if (kind !== 'ordinary') {
    const which = stream.integers(new Int32Array(data.length), 0, kind === 'zeros' ? 4 : 4 * SPECIAL.length);
    which.forEach((pick, i) => {
      if (kind === 'zeros' ? pick < 2 : pick < SPECIAL.length) data[i] = SPECIAL[pick];
    });
  }
  return new Tensor(data, shape);
}
