import type { Levels } from './levels.js';
import type { ReferenceSpread } from './reference.js';

/** The average of K draws as an estimate of one group's gradient. */
export interface AtSamples {
  /** K. */
  readonly samples: number;
  /** How many such averages were looked at. */
  readonly averages: number;
  /** Total variance (trace of the covariance) of one, as measured; NaN where fewer than two were looked at. */
  readonly variance: number;
  /** The same by the law for independent draws: a single draw's variance over K. */
  readonly expectedVariance: number;
  /** Length of the reference over the square root of the expected variance. */
  readonly signalToNoise: number;
  /** Mean cosine of the angle to the reference. */
  readonly cosine: number;
}

/** One estimator in one group of parameters. */
export interface EstimatorInGroup {
  readonly group: string;
  /** How many numbers the gradient has. */
  readonly size: number;
  /** Total variance of a single draw's estimate. */
  readonly variance: number;
  /** The same over that of the first estimator (pathwise, unless it was left out): how many draws do for one of its draws. */
  readonly drawsForOne: number;
  /** The mean of all draws along the reference, less the reference's length. */
  readonly bias: number;
  /** Of the bias: from the draws and from the reference. */
  readonly biasError: number;
  /** The bias in standard errors. */
  readonly biasInErrors: number;
  /** The distance of the mean of all draws from the reference, in standard errors: about 1 where there is no bias. */
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
  /** Draws behind the reference. */
  readonly referenceSamples: number;
  /** The length of the reference gradient in each group. */
  readonly reference: readonly { readonly group: string; readonly size: number; readonly length: number }[];
  readonly estimators: readonly EstimatorFindings[];
}

/** x / error, and 0 where both vanish: an exact estimate of an exact reference. */
const inErrors = (x: number, error: number): number => (x === 0 && error === 0 ? 0 : x / error);

/** What the levels of one estimator say about a group. */
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
