import { noGrad } from '../../autograd/index.js';
import type { Dataset } from '../../data/dataset.js';
import { complete, type Given, integer, list, optional, type Values } from '../../nn/schema/index.js';
import { scope } from '../../tensor/memory/scope.js';
import type { Random, RandomStream } from '../../tensor/random/stream.js';
import { runThrough } from '../../tensor/run-through.js';
import { Tensor } from '../../tensor/tensor.js';
import { checkDataset, checkRange } from '../check-data.js';
import { ColumnMoments, type MomentsState } from '../column-moments.js';
import { activeIn, checkRandom, examplesAt } from '../evaluate.js';
import type { LatentVariableModel } from '../model.js';
import { binarize } from '../shared-settings.js';
import { effectiveSamples, logMeanExp, meanOfGroups } from './log-mean-exp.js';
import { type EncodedExamples, sampledTerms } from './log-weights.js';

/** The most samples: the noise of an example begins this many samples after that of the one before. */
const MAX_SAMPLES = 2 ** 20;
/** The usual K of importance-weighted bounds, those that are not more than the samples. */
const BOUNDS = [1, 5, 50, 500] as const;

/** How to estimate log p(x): the settings that are plain data. */
export const marginalSchema = {
  /** Samples of z for each example. Defaults to 5,000. */
  samples: integer({ min: 1, max: MAX_SAMPLES, default: 5000, help: 'samples of z for each example' }),
  /** K of each importance-weighted bound, at most `samples`. Defaults to 1, 5, 50 and 500. */
  bounds: optional(
    list(integer({ min: 1, max: MAX_SAMPLES, help: 'samples within a bound' }), {
      help: `K of each importance-weighted bound (default: ${BOUNDS.join(',')})`,
    }),
  ),
  /** Codes decoded at a time; no bit of the result depends on it. Defaults to 500. */
  batchSize: integer({ min: 1, default: 500, help: 'codes decoded at a time; results do not depend on it' }),
  binarize,
};

/** Options of {@link marginalLikelihood}. */
export interface MarginalOptions extends Given<typeof marginalSchema> {
  /** The noise comes from its streams 'epsilon/marginal' and 'binarize/evaluate': the same at every call. */
  readonly random: Random;
  /** Where an earlier evaluation of the same model, data and options stopped. */
  readonly from?: MarginalState | undefined;
}

/** Where an evaluation stands between two examples: plain JSON, whose numbers keep every bit of a float64. */
export interface MarginalState {
  /** Of what is measured of each example. */
  readonly moments: MomentsState;
  /** The least of {@link MarginalLikelihood.effectiveSamples}. */
  readonly leastEffective: number;
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

/** How far an evaluation has come. */
export interface MarginalProgress {
  /** Examples done, with a fraction for the one at hand. */
  readonly done: number;
  /** From which the evaluation can go on. */
  state(): MarginalState;
}

/** What is measured of each example, in order, before a bound for each K, the KL for each dimension and the posterior mean. */
const MEASURES = [
  'elbo',
  'logLikelihood',
  'variance',
  'effective',
  'reconstruction',
  'squaredError',
] as const;

export type MarginalSettings = Omit<Values<typeof marginalSchema>, 'bounds'> & {
  readonly bounds: readonly number[];
};

/** @throws RangeError for a bound of more samples than there are. */
export function completeMarginal(options: Given<typeof marginalSchema>): MarginalSettings {
  const settings = complete(marginalSchema, options, 'marginalLikelihood', ['random', 'from']);
  const { samples } = settings;
  const bounds = settings.bounds ?? BOUNDS.filter((k) => k <= samples);
  const above = bounds.find((k) => k > samples);
  if (above === undefined) return { ...settings, bounds };
  throw new RangeError(
    `marginalLikelihood: a bound of ${above} samples needs as many, but samples is ${samples}; raise it, or leave the bound out`,
  );
}

/**
 * The noise of some samples of neighbouring examples, [samples * batch, noise]: drawn by example and sample, whatever else is
 * drawn together with it.
 */
function noiseAt(
  stream: RandomStream,
  { noise, dtype }: { readonly noise: number; readonly dtype: Tensor['dtype'] },
  [example, batch]: readonly [number, number],
  [sample, samples]: readonly [number, number],
): Tensor {
  const all = Tensor.uninitialized([samples * batch, noise], dtype);
  for (let b = 0; b < batch; b++) {
    // Both numbers of samples are multiples of 4, the draws of a block.
    stream.seek((((example + b) * MAX_SAMPLES + sample) / 4) * noise);
    const own = batch === 1 ? all : Tensor.uninitialized([samples, noise], dtype);
    stream.normal(own.data);
    for (let s = 0; s < samples && batch > 1; s++)
      all.data.set(own.data.subarray(s * noise, (s + 1) * noise), (s * batch + b) * noise);
  }
  return all;
}

/** What the samples of a few examples come to. */
class Group {
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
  add({ logLikelihood, ratio, logWeight }: ReturnType<typeof sampledTerms>, first: number): void {
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
function checkMeasured(row: readonly number[], example: number): void {
  const at = row.findIndex((value) => !Number.isFinite(value));
  if (at < 0) return;
  throw new RangeError(
    `marginalLikelihood: ${MEASURES[at] ?? 'a bound or the KL'} of example ${example} is ${row[at]}; ` +
      'the model has diverged, or does not fit this data',
  );
}

/** The squared error of E[x | z] at the posterior mean, a mean over values for each example. */
function squaredErrors(vae: LatentVariableModel, { x, labels, posterior }: EncodedExamples): number[] {
  const { data } = vae.likelihood.mean(vae.decode(posterior.mean, labels));
  const { features } = vae;
  return Array.from({ length: x.shape[0] }, (_, b) => {
    let total = 0;
    for (let i = b * features; i < (b + 1) * features; i++) total += (x.data[i] - data[i]) ** 2;
    return total / features;
  });
}

/** @throws RangeError for a state that is of another evaluation. @param least columns that there are at least */
function momentsFrom({ moments }: MarginalState, { size }: Dataset, least: number): ColumnMoments {
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
  { samples, bounds }: Pick<MarginalSettings, 'samples' | 'bounds'>,
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

/**
 * Estimates log p(x) and its bounds on a data set by importance sampling from the posterior (Burda et al., "Importance weighted
 * autoencoders", 2016), in evaluation mode and without changing anything. Noise is drawn by example and sample: no bit of the
 * result depends on batch size, number of threads, or where it was interrupted. All bounds are taken from the same samples.
 * @throws RangeError for an empty data set, a value that the likelihood does not take, an option out of range, or a result that is not
 * finite; ShapeError when examples do not fit the model; TypeError for an option that does not exist, or labels that are missing.
 */
export const marginalLikelihood = (
  vae: LatentVariableModel,
  dataset: Dataset,
  options: MarginalOptions,
): MarginalLikelihood => runThrough(marginalLikelihoodParts(vae, dataset, options));

/** As {@link marginalLikelihood}, yielding now and then: other work may be done between, and `state` kept to go on from. */
export function* marginalLikelihoodParts(
  vae: LatentVariableModel,
  dataset: Dataset,
  options: MarginalOptions,
): Generator<MarginalProgress, MarginalLikelihood> {
  const settings = completeMarginal(options);
  const { samples, bounds, batchSize, binarize } = settings;
  const { random, from } = options;
  checkRandom(random, 'marginalLikelihood');
  checkDataset(vae, dataset, 'marginalLikelihood');
  checkRange(vae.likelihood, dataset, binarize, 'marginalLikelihood');
  const epsilon = random.stream('epsilon').split('marginal').at();
  const noise = { noise: vae.posterior.noise, dtype: vae.dtype };
  const together = Math.max(1, Math.floor(batchSize / samples));
  // A fill of noise begins at a whole block.
  const atOnce = samples <= batchSize ? samples : 4 * Math.ceil(batchSize / 4);
  const looking = <T>(f: () => T): T => vae.evaluating(() => noGrad(f));
  const logPrior = looking(() => vae.prior.fixedLogDensity());

  // Beside the measures and bounds the KL has a column or more.
  const least = MEASURES.length + bounds.length + 1 + vae.latent;
  const moments = from === undefined ? new ColumnMoments() : momentsFrom(from, dataset, least);
  let leastEffective = from?.leastEffective ?? samples;
  const state = (): MarginalState => {
    const { count, mean, squares } = moments;
    return { moments: { count, mean: [...mean], squares: [...squares] }, leastEffective };
  };
  while (moments.count < dataset.size) {
    const first = moments.count;
    const count = Math.min(together, dataset.size - first);
    const group = new Group(count, samples);
    // Kept across scopes, since the samples of an example take several.
    const examples = looking(() => {
      const { x, labels } = examplesAt(vae, dataset, { first, count, random, binarize });
      return { x, labels, posterior: vae.encode(x, labels) };
    });
    for (let sample = 0; sample < samples; sample += atOnce) {
      const now = Math.min(atOnce, samples - sample);
      scope(() => {
        const drawn = noiseAt(epsilon, noise, [first, count], [sample, now]);
        group.add(
          looking(() => sampledTerms(vae, logPrior, examples, drawn)),
          sample,
        );
      });
      if (sample + now < samples) yield { done: first + (count * (sample + now)) / samples, state };
    }
    const { kl, means, errors } = looking(() => {
      const { posterior, labels } = examples;
      return {
        kl: vae.prior.kl(posterior, vae.posterior, labels) ?? null,
        means: posterior.mean,
        errors: squaredErrors(vae, examples),
      };
    });
    for (let b = 0; b < count; b++) {
      const own = (rows: Tensor) => rows.data.subarray(b * rows.shape[1], (b + 1) * rows.shape[1]);
      const measured = group.measure(b, kl && own(kl), errors[b], bounds);
      checkMeasured(measured, first + b);
      leastEffective = Math.min(leastEffective, measured[MEASURES.indexOf('effective')]);
      moments.add([...measured, ...own(means)]);
    }
    yield { done: first + count, state };
  }
  return marginalOf(state(), settings, vae);
}
