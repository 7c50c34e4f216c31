import { matmul, normal, Random } from '../../src/index.js';
import type { Suite } from '../suite.js';

const SIZES = [
  [128, 784, 512],
  [512, 128, 784],
  [256, 256, 256],
] as const;

/** The products of a training step of latent2, and a square one. */
export const matmulSuite: Suite = {
  name: 'matmul',
  doc: 'dense matrix products [m, k] x [k, n] in float32',
  add: (bench) =>
    SIZES.map(([m, k, n]) => {
      const stream = new Random(0).stream('data');
      const a = normal([m, k], stream);
      const b = normal([k, n], stream);
      const name = `${m}x${k}x${n}`;
      bench.add(name, () => {
        matmul(a, b);
      });
      return { name, work: 2 * m * k * n, unit: 'flop' };
    }),
};
