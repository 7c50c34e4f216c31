/**
 * A group of parameters that gradients are compared in. The gradient of a group is linear in the gradients by mean and
 * logvar of each example, v: it is J^T v. So lengths and angles of it are those of v under the Gram matrix G = J J^T, and
 * the gradient itself, which may have a million numbers, is never formed.
 */
export interface Metric {
  /** 'mean', 'logvar', 'encoder', 'mean head', 'logvar head'. */
  readonly name: string;
  /** Size of the gradient of the group. */
  readonly size: number;
  /** Writes G v to `out`; both have 2 * batch * latent numbers: first those of mean, then those of logvar. */
  times(v: Float64Array, out: Float64Array): void;
}

/** The gradient by mean or by logvar itself: a part of v. */
export class PartMetric implements Metric {
  constructor(
    readonly name: string,
    private readonly from: number,
    readonly size: number,
  ) {}

  times(v: Float64Array, out: Float64Array): void {
    out.fill(0);
    for (let i = this.from; i < this.from + this.size; i++) out[i] = v[i];
  }
}

/** The gradient by parameters that mean and logvar depend on. */
export class GramMetric implements Metric {
  /** @param gram [n, n], row-major, symmetric. */
  constructor(
    readonly name: string,
    readonly size: number,
    private readonly gram: Float64Array,
  ) {}

  times(v: Float64Array, out: Float64Array): void {
    const n = v.length;
    for (let i = 0; i < n; i++) {
      let total = 0;
      for (let j = 0, at = i * n; j < n; j++, at++) total += this.gram[at] * v[j];
      out[i] = total;
    }
  }
}

/** The sum of products. */
export function dot(a: Float64Array, b: Float64Array): number {
  let total = 0;
  for (let i = 0; i < a.length; i++) total += a[i] * b[i];
  return total;
}
