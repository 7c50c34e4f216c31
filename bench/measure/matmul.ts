import { matmul, normal, Random } from '../../src/index.js';
import { scoped } from '../engine.js';
import type { Reading } from '../protocol.js';
import { sample } from './sample.js';

/** A product [m, k] x [k, n]; `transposeA` where the left operand stands as [k, m]. */
export interface Product {
  readonly m: number;
  readonly k: number;
  readonly n: number;
  readonly transposeA: boolean;
}

export interface MatmulSettings {
  readonly products: readonly Product[];
  /** For each product. */
  readonly seconds: number;
}

export const nameOf = ({ m, k, n }: Product): string => `${m}x${k}x${n}`;

export function measure({ products, seconds }: MatmulSettings): Reading[] {
  const stream = new Random(0).stream('data');
  return products.map((product) => {
    const { m, k, n, transposeA } = product;
    // Operands stand where those of a training step do.
    const median = scoped(() => {
      const a = normal(transposeA ? [k, m] : [m, k], stream);
      const b = normal([k, n], stream);
      const once = () => {
        scoped(() => {
          matmul(a, b, { transposeA });
        });
      };
      return sample(once, seconds);
    });
    return { row: nameOf(product), values: { seconds: median } };
  });
}
