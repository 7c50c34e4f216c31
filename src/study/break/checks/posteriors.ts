import { Tensor } from '../../../tensor/tensor.js';

/** Posteriors at which the sample and the KL are checked: on both sides of the prior, wider and narrower. */
export const POINTS = [
  { mean: 0.5, logvar: -2 },
  { mean: -1, logvar: 0.8 },
  { mean: 1.5, logvar: 1.4 },
  { mean: 0.3, logvar: -0.9 },
] as const;

export const nameOf = ({ mean, logvar }: (typeof POINTS)[number]): string => `N(${mean}, exp(${logvar}))`;

/** The points' means or log-variances in each of `rows` rows, float64 [rows, points]. */
export const repeated = (rows: number, of: 'mean' | 'logvar'): Tensor =>
  new Tensor(
    Float64Array.from({ length: rows * POINTS.length }, (_, i) => POINTS[i % POINTS.length][of]),
    [rows, POINTS.length],
  );
