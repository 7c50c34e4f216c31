import type { Runtime } from '../../runtime.js';
import { multiplyDense } from './dense.js';
import type { Product } from './product.js';
import type { MatmulSettings } from './settings.js';

/** Computes a product, with the bits of its definition unless fastMath is set. */
export function multiply(runtime: Runtime, product: Product, { tiles, fastMath }: MatmulSettings): void {
  const { m, k, n } = product;
  runtime.scoped(() => tiles.run(m * k * n, (tile) => multiplyDense(runtime, product, tile, fastMath)));
}
