import { noGrad } from '../../autograd/index.js';
import { Random } from '../../autograd/ops/random.js';
import { complete, type Given, integer, list, number } from '../../nn/schema/index.js';
import { allocate } from '../../tensor/dtype.js';
import { scope } from '../../tensor/memory/scope.js';
import { Tensor } from '../../tensor/tensor.js';
import { Levels } from '../estimators/levels.js';
import { dot, PartMetric } from '../estimators/metric.js';
import {
  type DiscreteEstimator,
  type DiscretePoint,
  discreteScore,
  drawEstimates,
  exactGradient,
  relaxation,
} from './estimators.js';

/** The statistics of one estimator of the gradient by the logits. */
export interface DiscreteFindings {
  readonly name: string;
  readonly title: string;
  /** Of the relaxation; null for the score function. */
  readonly temperature: number | null;
  /** Total variance of a single draw's estimate. */
  readonly variance: number;
  /** Distance of the mean of all draws from the exact gradient: the length of the bias, within {@link biasError}. */
  readonly bias: number;
  /** The standard deviation of the mean. */
  readonly biasError: number;
  /** Mean cosine of a single draw's angle to the exact gradient. */
  readonly cosine: number;
}

/** Estimators of a gradient with respect to discrete codes, beside the exact gradient. */
export interface DiscreteReport {
  readonly samples: number;
  /** Codes summed over for the exact gradient. */
  readonly codes: number;
  /** Length of the exact gradient. */
  readonly length: number;
  readonly estimators: readonly DiscreteFindings[];
}

/** How many draws a comparison of discrete estimators takes, and of what. */
export const discreteSchema = {
  /** Decides all draws. Defaults to 0. Every estimator has the same. */
  seed: integer({ min: 0, default: 0, help: 'decides all draws' }),
  /** Draws. Defaults to 2048. */
  samples: integer({ min: 2, default: 2048, help: 'draws' }),
  /** Of the relaxation. */
  temperatures: list(number({ above: 0, help: 'a temperature' }), {
    default: [2, 1, 0.5, 0.25, 0.1],
    help: 'of the relaxation',
  }),
};
/** How many draws a comparison of discrete estimators takes, and of what. */
export interface DiscreteOptions extends Given<typeof discreteSchema> {}

/** Draws for the baseline of each example. */
const BASELINE_DRAWS = 64;
/** Rows in one pass of the decoder. */
const ROWS = 2048;

/** The mean loss of each example over draws of codes from a separate stream. */
function baselineOf({ batch, bits, dtype, logits, loss }: DiscretePoint, random: Random): Float64Array {
  const p = logits.data;
  const stream = random.stream('discrete').split('baseline');
  return scope(() => {
    const probabilities = allocate(dtype, BASELINE_DRAWS * batch * bits);
    for (let i = 0; i < probabilities.length; i++) {
      probabilities[i] = 1 / (1 + Math.exp(-p[i % p.length]));
    }
    const z = Tensor.empty([BASELINE_DRAWS * batch, bits], dtype);
    stream.bernoulli(z.data, probabilities);
    const losses = noGrad(() => loss(z)).data;
    const means = new Float64Array(batch);
    for (let i = 0; i < losses.length; i++) means[i % batch] += losses[i] / BASELINE_DRAWS;
    return means;
  });
}

/**
 * The score function and the relaxation at several temperatures against the exact gradient.
 * @throws RangeError for fewer than 2 draws, or a temperature that is not positive.
 */
export function benchDiscrete(point: DiscretePoint, options: DiscreteOptions = {}): DiscreteReport {
  const { seed, samples, temperatures } = complete(discreteSchema, options, 'benchDiscrete');
  const random = new Random(seed);
  const exact = exactGradient(point);
  const length = Math.sqrt(dot(exact, exact));
  const metric = new PartMetric('logits', 0, exact.length);
  const baseline = baselineOf(point, random);
  const max = Math.max(1, Math.floor(ROWS / point.batch));
  const findings = (estimator: DiscreteEstimator, temperature: number | null): DiscreteFindings => {
    const stream = random.stream('discrete').split('u').at();
    const levels = new Levels(exact, [{ metric, image: exact, length }]);
    for (let done = 0; done < samples; done += max) {
      const n = Math.min(max, samples - done);
      for (const estimate of drawEstimates(point, estimator, stream, n, baseline)) levels.add(estimate);
    }
    const { variance, distance, cosine } = levels.spread(0, 0);
    const { name, title } = estimator;
    const [bias, biasError] = [Math.sqrt(distance), Math.sqrt(variance / samples)];
    return { name, title, temperature, variance, bias, biasError, cosine };
  };
  return {
    samples,
    codes: 2 ** point.bits,
    length,
    estimators: [
      findings(discreteScore(false), null),
      findings(discreteScore(true), null),
      ...temperatures.map((temperature) => findings(relaxation(temperature), temperature)),
    ],
  };
}
