import type { Dataset } from '../../data/dataset.js';
import { ColumnMoments, type MomentsState } from '../column-moments.js';
import { activeIn } from '../evaluate.js';
import type { LatentVariableModel } from '../model.js';
import { effectiveSamples, logMeanExp, meanOfGroups } from './log-mean-exp.js';
import type { SampledTerms } from './log-weights.js';

/** Where an evaluation stands between two examples: plain JSON, whose numbers keep every bit of a float64. */
export interface MarginalState {
  /** Of what is measured of each example. */
  readonly moments: MomentsState;
  /** The least of {@link MarginalLikelihood.effectiveSamples}. */
  readonly leastEffective: number;
}

/** How many samples of z an example has, and how many each bound takes. */
export interface Sampling {
  readonly samples: number;
  readonly bounds: readonly number[];
}

/** A mean over examples. */
export interface Estimate {
  readonly value: number;
  /** Standard error over the examples: the noise of each is its own, so that it holds the error of sampling too. */
  readonly error: number;
}

/** What importance sampling says of a model on a data set; nats per example where nothing else is said. */
export interface MarginalLikelihood {
  readonly examples: number;
  readonly samples: number;
  /**
   * log p(x), by the logarithm of the mean of all importance weights p(x, z) / q(z | x), z drawn from q (Burda et al.,
   * "Importance weighted autoencoders", 2016, equation 8). `samplingError` is the part of `error` that more samples would
   * lower, by the delta method: the variance of the logarithm of a mean of weights is about that of the weights over the squared mean.
   * The estimate is too low by about `bias`, half that variance.
   */
  readonly logLikelihood: Estimate & { readonly samplingError: number; readonly bias: number };
  /** The bound of K samples each, by as many groups of K as there are; that of K = 1 is the ELBO, with a sampled KL. */
  readonly bounds: readonly (Estimate & { readonly k: number })[];
  /** The mean of log p(x | z), less the KL: by its formula where there is one. */
  readonly elbo: Estimate;
  /** -log p(x | z) with the likelihood's constant. */
  readonly reconstruction: Estimate;
  readonly kl: number;
  /** KL for each latent dimension; one number where posterior or prior do not come apart. */
  readonly klPerDimension: readonly number[];
  /** Latent dimensions whose posterior mean has a variance over the data above 0.01 (Burda et al. 2016). */
  readonly activeUnits: number;
  /** Mean over values of (x - E[x | z])^2, z the posterior mean. */
  readonly squaredError: Estimate;
  /** -log2 p(x) for each value of an example. */
  readonly bitsPerDimension: number;
  /** (sum of weights)^2 / sum of squared weights, of `samples`: the mean over examples, and the least. */
  readonly effectiveSamples: { readonly mean: number; readonly least: number };
}

/** What is measured of each example, in order, before a bound for each K, the KL for each dimension and the posterior mean. */
export const MEASURES = [
  'elbo',
  'logLikelihood',
  'variance',
  'effective',
  'reconstruction',
  'squaredError',
] as const;

/** What the samples of a few examples come to. */
export class Group {
  readonly #weights: Float64Array[];
  readonly #logLikelihoods: Float64Array;
  /** Sums over samples of log q - log p, [batch, latent] or [batch, 1]. */
  #ratios = new Float64Array(0);

  constructor(
    private readonly batch: number,
    private readonly samples: number,
  ) {
    this.#weights = Array.from({ length: batch }, () => new Float64Array(samples));
    this.#logLikelihoods = new Float64Array(batch);
  }

  /** Adds samples from the `first` on. */
  add({ logLikelihood, ratio, logWeight }: SampledTerms, first: number): void {
    const { batch } = this;
    const [rows, width] = ratio.shape;
    if (this.#ratios.length === 0) this.#ratios = new Float64Array(batch * width);
    for (let row = 0; row < rows; row++) {
      const b = row % batch;
      this.#weights[b][first + Math.floor(row / batch)] = logWeight[row];
      this.#logLikelihoods[b] += logLikelihood.data[row];
      for (let j = 0; j < width; j++) this.#ratios[b * width + j] += ratio.data[row * width + j];
    }
  }

  /** {@link MEASURES} and what follows them, of one example. @param formula its KL, where there is a formula */
  measure(
    b: number,
    kl: ArrayLike<number> | null,
    squaredError: number,
    bounds: readonly number[],
  ): number[] {
    const weights = this.#weights[b];
    const width = this.#ratios.length / this.batch;
    const sampled = this.#ratios.subarray(b * width, (b + 1) * width).map((total) => total / this.samples);
    const klOfEach = Array.from(kl ?? sampled);
    const logLikelihood = this.#logLikelihoods[b] / this.samples;
    const effective = effectiveSamples(weights);
    const measures: Record<(typeof MEASURES)[number], number> = {
      elbo: logLikelihood - klOfEach.reduce((total, term) => total + term, 0),
      logLikelihood: logMeanExp(weights),
      // The sample variance of the weights over their number and their squared mean.
      variance: this.samples === 1 ? 0 : Math.max(0, (this.samples / effective - 1) / (this.samples - 1)),
      effective,
      reconstruction: -logLikelihood,
      squaredError,
    };
    return [
      ...MEASURES.map((name) => measures[name]),
      ...bounds.map((k) => meanOfGroups(weights, k)),
      ...klOfEach,
    ];
  }
}

/** @throws RangeError naming the example where a model's numbers are none. */
export function checkMeasured(row: readonly number[], example: number): void {
  const at = row.findIndex((value) => !Number.isFinite(value));
  if (at < 0) return;
  throw new RangeError(
    `marginalLikelihood: ${MEASURES[at] ?? 'a bound or the KL'} of example ${example} is ${row[at]}; ` +
      'the model has diverged, or does not fit this data',
  );
}

/** @throws RangeError for a state that is of another evaluation. @param least columns that there are at least */
export function momentsFrom({ moments }: MarginalState, { size }: Dataset, least: number): ColumnMoments {
  const { count, mean, squares } = moments;
  if (count <= size && mean.length >= (count === 0 ? 0 : least) && mean.length === squares.length)
    return new ColumnMoments(moments);
  throw new RangeError(
    'marginalLikelihood: from is the state of another model, data set or choice of bounds; leave it out',
  );
}

/** The results of the examples done. @param vae sizes of the model */
export function marginalOf(
  { moments: { count, mean: values, squares }, leastEffective }: MarginalState,
  { samples, bounds }: Sampling,
  { latent, features }: Pick<LatentVariableModel, 'latent' | 'features'>,
): MarginalLikelihood {
  // Of a single example, which says nothing of them, the errors are 0.
  const error = (at: number): number => Math.sqrt(squares[at] / Math.max(1, count - 1) / count);
  const estimate = (at: number): Estimate => ({ value: values[at], error: error(at) });
  const of = (name: (typeof MEASURES)[number]) => estimate(MEASURES.indexOf(name));
  const first = MEASURES.length + bounds.length;
  const klPerDimension = values.slice(first, values.length - latent);
  const variance = of('variance').value;
  const logLikelihood = of('logLikelihood');
  return {
    examples: count,
    samples,
    logLikelihood: { ...logLikelihood, samplingError: Math.sqrt(variance / count), bias: variance / 2 },
    bounds: bounds.map((k, i) => ({ k, ...estimate(MEASURES.length + i) })),
    elbo: of('elbo'),
    reconstruction: of('reconstruction'),
    kl: klPerDimension.reduce((total, term) => total + term, 0),
    klPerDimension,
    activeUnits: activeIn(squares.slice(values.length - latent), count),
    squaredError: of('squaredError'),
    bitsPerDimension: -logLikelihood.value / (features * Math.LN2),
    effectiveSamples: { mean: of('effective').value, least: leastEffective },
  };
}
