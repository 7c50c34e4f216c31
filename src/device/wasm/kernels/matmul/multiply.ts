import type { Runtime } from '../../runtime.js';
import { multiplyDense } from './dense.js';
import type { Product } from './pack.js';
import type { MatmulSettings } from './settings.js';
import { findSparse, multiplySparse } from './sparse.js';

/** Sides of a result below which looking for zeros costs too much of what it could save. */
const NARROW = 24;
/** Likewise, multiplications. */
const SMALL = 500_000;

/** Computes a product, with the bits of its definition unless fastMath is set. */
export function multiply(
  runtime: Runtime,
  product: Product,
  { tiles, fastMath, sparseFrom }: MatmulSettings,
): void {
  const { m, k, n } = product;
  const multiplications = m * k * n;
  runtime.scoped(() => {
    const worthLooking = Math.min(m, n) >= NARROW && multiplications >= SMALL;
    const sparse = worthLooking ? findSparse(runtime, product, sparseFrom) : null;
    if (sparse !== null) multiplySparse(runtime, product, sparse, fastMath);
    else tiles.run(multiplications, (tile) => multiplyDense(runtime, product, tile, fastMath));
  });
}
