import { noGrad, transpose } from '../autograd/index.js';
import { type Corruption, checkCorruption, corruptBy, drawNoise } from '../data/corrupt.js';
import type { Dataset } from '../data/dataset.js';
import { complete, type Given, integer } from '../nn/schema/index.js';
import { tensor } from '../tensor/create.js';
import { describeValue } from '../tensor/describe.js';
import { allocate, type DType, type TensorData } from '../tensor/dtype.js';
import { scope } from '../tensor/memory/scope.js';
import type { Random, RandomStream } from '../tensor/random/stream.js';
import { runThrough } from '../tensor/run-through.js';
import { Tensor } from '../tensor/tensor.js';
import { checkDataset } from './check-data.js';
import { ColumnMoments } from './column-moments.js';
import type { LatentVariableModel } from './model.js';
import { objective } from './objective.js';
import { objectiveFrom } from './parts/elbo.js';
import type { PartSpec } from './parts/registry.js';
import { binarize, corruptionOf, elboSchema, noiseSchema, samples } from './shared-settings.js';

/** How to evaluate: the settings that are plain data. */
export const evaluationSchema = {
  /** Examples at a time; the result does not depend on it but for rounding. Defaults to 500. */
  batchSize: integer({ min: 1, default: 500, help: 'examples at a time' }),
  ...elboSchema,
  samples,
  binarize,
  ...noiseSchema,
};

/** Options of {@link evaluate}. */
export interface EvaluationOptions extends Given<typeof evaluationSchema> {
  /** The noise comes from its streams 'epsilon/evaluate', 'binarize/evaluate' and 'noise/evaluate': the same at every call. */
  readonly random: Random;
  /** A registered objective, by its specification or its name, in place of the settings of the ELBO. */
  readonly objective?: string | PartSpec | undefined;
}

/** The objective on a whole data set, in nats per example. */
export interface Evaluation {
  /** reconstruction + beta * KL, free bits applied to the KL per dimension over the data set; or what the objective makes of it. */
  readonly loss: number;
  /** -log p(x | z) without the likelihood's constant. */
  readonly reconstruction: number;
  /** KL from the prior, neither weighted nor with free bits. */
  readonly kl: number;
  /** -(reconstruction + constant + KL): beta is 1 here whatever the loss uses, and no term is left out. */
  readonly elbo: number;
  /** KL for each latent dimension. */
  readonly klPerDimension: readonly number[];
  /**
   * Latent dimensions whose posterior mean has a variance over the data above 0.01 (Burda et al., "Importance
   * weighted autoencoders", 2016, section 5.2).
   */
  readonly activeUnits: number;
}

/** A latent dimension is active when the variance of its posterior mean over the data is above this (Burda et al. 2016). */
export const ACTIVE_VARIANCE = 0.01;

/** How many dimensions are active. @param squares sums of squared distances from their mean, over `count` posterior means */
export const activeIn = (squares: readonly number[], count: number): number =>
  squares.filter((sum) => sum / count > ACTIVE_VARIANCE).length;

/** @throws TypeError unless `random` is a Random. */
export function checkRandom(random: Random | undefined, who: string): void {
  if (typeof random?.stream === 'function') return;
  throw new TypeError(
    `${who}: random is ${describeValue(random)}; give the source of the noise, as in { random: new Random(0) }`,
  );
}

/** Which examples of a data set, and what they are drawn by. */
export interface ExamplesAt {
  readonly first: number;
  readonly count: number;
  readonly random: Random;
  /** Draw each value as 0 or 1, the same way at every call. */
  readonly binarize: boolean;
}

/** The elements of the examples in one long fill from the start of a stream, a block of which has four draws. */
function drawAt(
  { first, count, random }: ExamplesAt,
  name: string,
  [width, dtype]: readonly [number, DType],
  fill: (stream: RandomStream, out: TensorData, skip: number) => void,
): Tensor {
  const stream = random.stream(name).split('evaluate').at();
  const skip = (first * width) % 4;
  stream.seek((first * width - skip) / 4);
  const out = allocate(dtype, skip + count * width);
  fill(stream, out, skip);
  return new Tensor(out.subarray(skip), [count, width]);
}

/** The examples from `first` on with their labels; their bits are theirs however the data is cut into batches. */
export function examplesAt(
  { dtype, features, condition }: Pick<LatentVariableModel, 'dtype' | 'features' | 'condition'>,
  dataset: Dataset,
  at: ExamplesAt,
): { x: Tensor; labels: Int32Array | undefined } {
  const indices = Int32Array.from({ length: at.count }, (_, i) => at.first + i);
  const rows = dataset.batch(indices, dtype);
  const { labels } = dataset;
  const bits = (stream: RandomStream, out: TensorData, skip: number): void => {
    const probabilities = allocate(dtype, out.length);
    probabilities.set(rows.data, skip);
    stream.bernoulli(out, probabilities);
  };
  return {
    x: at.binarize ? drawAt(at, 'binarize', [features, dtype], bits) : rows,
    labels: condition === null ? undefined : indices.map((i) => labels?.[i] ?? Number.NaN),
  };
}

/** The noise of as many samples of z for each of the examples: [count, noise], or [samples, count, noise] for several. */
function noiseAt({ posterior, dtype }: LatentVariableModel, at: ExamplesAt, samples: number): Tensor {
  const { noise } = posterior;
  const each = drawAt(at, 'epsilon', [samples * noise, dtype], (stream, out) => stream.normal(out));
  return samples === 1 ? each : transpose(each.view([at.count, samples, noise]), { axes: [1, 0, 2] });
}

/** The examples with noise. */
function corruptedAt(vae: LatentVariableModel, x: Tensor, at: ExamplesAt, corruption: Corruption): Tensor {
  const { dtype, features, likelihood } = vae;
  const draws = drawAt(at, 'noise', [features, dtype], (stream, out) =>
    drawNoise(corruption.noise, stream, out),
  );
  return corruptBy(x, draws, corruption, likelihood.range);
}

/**
 * Evaluates the objective on a data set, in evaluation mode and without changing anything: nothing is recorded, and the noise
 * is the same at every call with the same seed, so that epochs can be compared.
 * @throws RangeError for an empty data set or an option out of range; ShapeError when examples do not fit the model; TypeError
 * for an objective beside settings of the ELBO.
 */
export const evaluate = (
  vae: LatentVariableModel,
  dataset: Dataset,
  options: EvaluationOptions,
): Evaluation => runThrough(evaluationParts(vae, dataset, options));

/** As {@link evaluate}, yielding after each batch: other work may be done between. */
export function* evaluationParts(
  vae: LatentVariableModel,
  dataset: Dataset,
  options: EvaluationOptions,
): Generator<void, Evaluation> {
  const settings = complete(evaluationSchema, options, 'evaluate', ['random', 'objective']);
  const { batchSize, samples, binarize } = settings;
  const noise = corruptionOf(settings);
  const { random, beta, freeBits, capacity, kl } = options;
  checkRandom(random, 'evaluate');
  const loss = { beta, freeBits, capacity, kl, objective: options.objective };
  const made = objectiveFrom(loss, 'evaluate');
  checkDataset(vae, dataset, 'evaluate');
  if (noise !== null) checkCorruption(noise, vae.likelihood.range, 'evaluate');
  const means = new ColumnMoments();
  let kls = new Float64Array(0);
  let total = 0;
  let bounds: number | undefined;
  const add = (first: number, count: number): void => {
    const at = { first, count, random, binarize };
    const { x, labels } = examplesAt(vae, dataset, at);
    const input = noise === null ? undefined : corruptedAt(vae, x, at, noise);
    const terms = objective(vae, x, noiseAt(vae, at, samples), { ...loss, input, labels });
    total += terms.reconstruction.item() * count;
    if (terms.bound !== undefined) bounds = (bounds ?? 0) + terms.bound.item() * count;
    const { size } = terms.klPerDimension;
    if (kls.length === 0) kls = new Float64Array(size);
    for (let j = 0; j < size; j++) kls[j] += terms.klPerDimension.data[j] * count;
    means.add(terms.mean.data, vae.latent);
  };
  const most = Math.max(1, Math.floor(batchSize / samples));
  for (let first = 0; first < dataset.size; first += most) {
    const count = Math.min(most, dataset.size - first);
    vae.evaluating(() => scope(() => noGrad(() => add(first, count))));
    yield;
  }
  const reconstruction = total / dataset.size;
  const klPerDimension = Array.from(kls, (sum) => sum / dataset.size);
  const whole = (value: number | number[]): Tensor => tensor(value, { dtype: 'float64' });
  const nats = klPerDimension.reduce((a, b) => a + b, 0);
  const bound = bounds === undefined ? undefined : whole(bounds / dataset.size);
  const terms = {
    reconstruction: whole(reconstruction),
    kl: whole(nats),
    klPerDimension: whole(klPerDimension),
  };
  return {
    loss: noGrad(() => made.loss({ ...terms, bound }).item()),
    reconstruction,
    kl: nats,
    elbo: 0 - (reconstruction + vae.likelihood.constant(vae.features) + nats),
    klPerDimension,
    activeUnits: activeIn(means.squares, means.count),
  };
}
