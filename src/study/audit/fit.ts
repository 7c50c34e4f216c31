import type { TensorData } from '../../tensor/dtype.js';

/** A gradient as a multiple of another. */
export interface Fit {
  /** The least-squares factor, <found, unit> / <unit, unit>; 0 if `found` vanishes. */
  readonly factor: number;
  /** |found - factor * unit| / |found|: 0 for a multiple, up to 1 otherwise; 0 if `found` vanishes. */
  readonly residual: number;
}

/** Fits one factor to several pairs of gradients at once, to detect a factor that varies between them. */
export function fitFactor(pairs: readonly { readonly found: TensorData; readonly unit: TensorData }[]): Fit {
  let [ff, fu, uu] = [0, 0, 0];
  for (const { found, unit } of pairs) {
    for (let i = 0; i < found.length; i++) {
      ff += found[i] * found[i];
      fu += found[i] * unit[i];
      uu += unit[i] * unit[i];
    }
  }
  if (ff === 0) return { factor: 0, residual: 0 };
  const factor = uu === 0 ? 0 : fu / uu;
  // Summed term by term: ff - fu^2 / uu would cancel.
  let rest = 0;
  for (const { found, unit } of pairs)
    for (let i = 0; i < found.length; i++) rest += (found[i] - factor * unit[i]) ** 2;
  return { factor, residual: Math.sqrt(rest / ff) };
}
