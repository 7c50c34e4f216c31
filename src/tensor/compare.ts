import { checkOptions } from './known-options.js';
import { sameShape } from './shape.js';
import type { Tensor } from './tensor.js';

/** Same shape, dtype and elements: NaN equals NaN, and 0 differs from -0. */
export function equal(a: Tensor, b: Tensor): boolean {
  if (a.dtype !== b.dtype || !sameShape(a.shape, b.shape)) return false;
  for (let i = 0; i < a.size; i++) if (!Object.is(a.data[i], b.data[i])) return false;
  return true;
}

/** How close two tensors must be for {@link allClose}. */
export interface Closeness {
  /** Largest |a - b| over |b|. Defaults to 1e-5. */
  readonly relative?: number;
  /** Difference that is always accepted. Defaults to 1e-8. */
  readonly absolute?: number;
}

/** |a - b| <= absolute + relative * |b| in every element (NumPy's allclose); equal infinities and NaNs are close. */
export function allClose(a: Tensor, b: Tensor, options: Closeness = {}): boolean {
  checkOptions(options, ['relative', 'absolute'], 'allClose');
  const { relative = 1e-5, absolute = 1e-8 } = options;
  if (!sameShape(a.shape, b.shape)) return false;
  for (let i = 0; i < a.size; i++) {
    const x = a.data[i];
    const y = b.data[i];
    if (Object.is(x, y)) continue;
    if (!(Math.abs(x - y) <= absolute + relative * Math.abs(y)) || !Number.isFinite(y)) return false;
  }
  return true;
}

/** Largest |a - b|, NaN if any element of either is; the shapes must agree. */
export function maxDifference(a: Tensor, b: Tensor): number {
  let worst = 0;
  for (let i = 0; i < a.size; i++) {
    const difference = Object.is(a.data[i], b.data[i]) ? 0 : Math.abs(a.data[i] - b.data[i]);
    if (!(difference <= worst)) worst = difference;
  }
  return worst;
}
