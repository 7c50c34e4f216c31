import { broadcastTo, reshape } from '../autograd/index.js';
import { Tensor } from '../tensor/tensor.js';
import type { Labels } from './parts/condition.js';
import type { Posterior } from './parts/posterior.js';

// Several samples of z for each example stand one below the other: sample k of example b is row k * batch + b.

/** All rows, n times over: [n * rows, ...] from [rows, ...]. */
export function repeatedRows(x: Tensor, n: number): Tensor {
  if (n === 1) return x;
  const [rows, ...rest] = x.shape;
  return reshape(broadcastTo(x, { shape: [n, rows, ...rest] }), { shape: [n * rows, ...rest] });
}

/** q(z | x) with every tensor of it changed, those in lists too. */
export function mapPosterior<Q extends Posterior>(q: Q, change: (t: Tensor) => Tensor): Q {
  const changed = (value: unknown): unknown =>
    value instanceof Tensor ? change(value) : Array.isArray(value) ? value.map(changed) : value;
  return { ...q, ...Object.fromEntries(Object.entries(q).map(([name, value]) => [name, changed(value)])) };
}

/** q(z | x) of each of `samples` samples. */
export const repeatedPosterior = <Q extends Posterior>(q: Q, samples: number): Q =>
  samples === 1 ? q : mapPosterior(q, (t) => repeatedRows(t, samples));

/** The label of each of `samples` samples. */
export const repeatedLabels = (labels: Labels | undefined, samples: number): Labels | undefined =>
  labels && samples > 1
    ? Int32Array.from({ length: samples * labels.length }, (_, i) => labels[i % labels.length])
    : labels;
