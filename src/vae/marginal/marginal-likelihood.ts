import { noGrad } from '../../autograd/index.js';
import type { Dataset } from '../../data/dataset.js';
import { complete, type Given, integer, list, optional, type Values } from '../../nn/schema/index.js';
import { scope } from '../../tensor/memory/scope.js';
import type { Random, RandomStream } from '../../tensor/random/stream.js';
import { runThrough } from '../../tensor/run-through.js';
import { Tensor } from '../../tensor/tensor.js';
import { checkDataset, checkRange } from '../check-data.js';
import { ColumnMoments } from '../column-moments.js';
import { checkRandom, examplesAt } from '../evaluate.js';
import type { LatentVariableModel } from '../model.js';
import { binarize } from '../shared-settings.js';
import { type EncodedExamples, sampledTerms } from './log-weights.js';
import {
  checkMeasured,
  Group,
  type MarginalLikelihood,
  type MarginalState,
  MEASURES,
  marginalOf,
  momentsFrom,
} from './measures.js';

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

/** How far an evaluation has come. */
export interface MarginalProgress {
  /** Examples done, with a fraction for the one at hand. */
  readonly done: number;
  /** From which the evaluation can go on. */
  state(): MarginalState;
}

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
