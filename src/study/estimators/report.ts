import type { Levels } from './levels.js';
import type { ReferenceSpread } from './reference.js';

/** The average of K draws as an estimate of one group's gradient. */
export interface AtSamples {
  /** K. */
  readonly samples: number;
  /** The number of such averages. */
  readonly averages: number;
  /** Measured total variance (trace of the covariance) of one; NaN for fewer than two. */
  readonly variance: number;
  /** The total variance expected for independent draws: that of a single draw over K. */
  readonly expectedVariance: number;
  /** Length of the reference over the square root of the expected variance. */
  readonly signalToNoise: number;
  /** Mean cosine of the angle to the reference. */
  readonly cosine: number;
}

/** One estimator in one group of parameters. */
export interface EstimatorInGroup {
  readonly group: string;
  /** Size of the gradient. */
  readonly size: number;
  /** Total variance of a single draw's estimate. */
  readonly variance: number;
  /** That variance over that of the first estimator, usually pathwise: the draws needed for each of its draws. */
  readonly drawsForOne: number;
  /** The mean of all draws along the reference, minus its length. */
  readonly bias: number;
  /** Standard error of the bias, from the draws and from the reference. */
  readonly biasError: number;
  /** The bias in standard errors. */
  readonly biasInErrors: number;
  /** The distance of the mean of all draws from the reference, in standard errors: about 1 without bias. */
  readonly distanceInErrors: number;
  /** For K = 1, 2, 4, ... */
  readonly at: readonly AtSamples[];
}

/** What one estimator came to, for each group of parameters. */
export interface EstimatorFindings {
  readonly name: string;
  readonly title: string;
  readonly groups: readonly EstimatorInGroup[];
}

/** Gradient estimators at one point, beside a reference of many more draws. */
export interface EstimatorReport {
  /** Draws of epsilon for each estimator. */
  readonly samples: number;
  /** Draws for the reference. */
  readonly referenceSamples: number;
  /** The length of the reference gradient in each group. */
  readonly reference: readonly { readonly group: string; readonly size: number; readonly length: number }[];
  readonly estimators: readonly EstimatorFindings[];
}

/** x / error, or 0 if both vanish. */
const inErrors = (x: number, error: number): number => (x === 0 && error === 0 ? 0 : x / error);

/** The statistics of one estimator in one group. */
export function inGroup(
  levels: Levels,
  m: number,
  { group, size, length }: EstimatorReport['reference'][number],
  error: ReferenceSpread,
): Omit<EstimatorInGroup, 'drawsForOne'> {
  const single = levels.spread(0, m);
  const biasError = Math.sqrt(single.varianceAlong / single.count + error.varianceAlong);
  const distanceError = Math.sqrt(single.variance / single.count + error.variance);
  return {
    group,
    size,
    variance: single.variance,
    bias: single.bias,
    biasError,
    biasInErrors: inErrors(single.bias, biasError),
    distanceInErrors: inErrors(Math.sqrt(single.distance), distanceError),
    at: Array.from({ length: levels.size }, (_, level) => {
      const { count, variance, cosine } = levels.spread(level, m);
      const samples = 2 ** level;
      const expectedVariance = single.variance / samples;
      const signalToNoise = inErrors(length, Math.sqrt(expectedVariance));
      return { samples, averages: count, variance, expectedVariance, signalToNoise, cosine };
    }),
  };
}
