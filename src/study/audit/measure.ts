import { Random } from '../../autograd/ops/random.js';
import { formatNumber } from '../../tensor/format.js';
import { checkOptions } from '../../tensor/known-options.js';
import type { Tensor } from '../../tensor/tensor.js';
import { entropyFloor } from '../../vae/likelihoods/index.js';
import { type Equivalent, equivalentOf, type Weights } from './beta.js';
import { completeDescription, type Reduction } from './description.js';
import type { Loss, Sample } from './loss-of.js';
import {
  type Fit,
  type Probe,
  probe,
  RECONSTRUCTIONS,
  type ReconstructionName,
  reconstructionNames,
  type Sizes,
} from './probe.js';
import { measureSampling, type Sampling } from './sampling.js';
import { type Warning, warningsFor } from './warnings.js';

/** Options of {@link auditLoss}. */
export interface AuditLossOptions extends Partial<Sizes> {
  /** How the training computes z; measured too if given. */
  readonly sample?: Sample;
  /** The validation loss, if it is a different function. */
  readonly validation?: Loss;
  /** Standard deviation that a squared error is read with. Defaults to sqrt(1/2). */
  readonly sigma?: number;
  /** Examples, [n, features], for the entropy floor. */
  readonly data?: Tensor;
  /** Decides the values at which the loss is measured. Defaults to 0. */
  readonly seed?: number;
}

/** What a loss was measured to be. */
export interface MeasuredAudit extends Weights {
  /** Whether it is a combination of a known reconstruction and the KL; if not, beta and the factors mean little. */
  readonly fits: boolean;
  readonly reconstruction: ReconstructionName;
  /** The relative residual of each part of the gradient after its multiple of the right one is subtracted. */
  readonly residuals: { readonly reconstruction: number; readonly kl: number; readonly z: number };
  /** How each term is reduced, inferred from how it changes with the sizes; null if the loss accepts no other sizes. */
  readonly reductions: {
    readonly reconstruction: Reduction | null;
    readonly reconstructionBatch: Reduction | null;
    readonly kl: Reduction | null;
    readonly klBatch: Reduction | null;
  };
  /** null unless `sample` was given. */
  readonly sampling: Sampling | null;
  /** The findings, line by line. */
  readonly findings: readonly string[];
  /** null if this library has no such objective. */
  readonly equivalent: Equivalent | null;
  readonly warnings: readonly Warning[];
  readonly entropyFloor: number | null;
}

/** Residuals below this are rounding. */
const NEAR = 1e-6;

function bestOf({ reconstructions }: Probe): ReconstructionName {
  return reconstructionNames.reduce((best, name) =>
    reconstructions[name].residual < reconstructions[best].residual ? name : best,
  );
}

/** 'mean' if a factor halves when a size doubles, 'sum' if it stays; the other way round over the batch. */
function reductionBy(before: Fit | undefined, after: Fit | undefined, batch: boolean): Reduction | null {
  if (before === undefined || after === undefined || before.factor === 0) return null;
  const ratio = after.factor / before.factor;
  const near = (x: number): boolean => Math.abs(ratio - x) < 1e-4;
  if (batch) return near(2) ? 'sum' : near(1) ? 'mean' : null;
  return near(0.5) ? 'mean' : near(1) ? 'sum' : null;
}

/** The loss at other sizes; undefined if it does not accept them. */
function tryProbe(loss: Loss, sizes: Sizes, seed: number): Probe | undefined {
  try {
    return probe(loss, sizes, new Random(seed).stream('audit'));
  } catch {
    return undefined;
  }
}

/** Small sizes, as no ratio depends on them. */
function reductionsOf(
  loss: Loss,
  { features, latent, batch }: Sizes,
  reconstruction: ReconstructionName,
  seed: number,
): MeasuredAudit['reductions'] {
  const small = { features: Math.min(features, 16), latent: Math.min(latent, 4), batch: Math.min(batch, 8) };
  const base = tryProbe(loss, small, seed);
  const wider = tryProbe(loss, { ...small, features: 2 * small.features }, seed);
  const deeper = tryProbe(loss, { ...small, latent: 2 * small.latent }, seed);
  const longer = tryProbe(loss, { ...small, batch: 2 * small.batch }, seed);
  const own = base?.reconstructions[reconstruction];
  return {
    reconstruction: reductionBy(own, wider?.reconstructions[reconstruction], false),
    reconstructionBatch: reductionBy(own, longer?.reconstructions[reconstruction], true),
    kl: reductionBy(base?.kl, deeper?.kl, false),
    klBatch: reductionBy(base?.kl, longer?.kl, true),
  };
}

/** Whether z is only standard normal noise. */
const isPrior = ({ exponent, meanSlope }: Sampling): boolean =>
  exponent !== null && Math.abs(exponent) <= NEAR && Math.abs(meanSlope) <= NEAR;

const percent = (x: number): string => `${Number((100 * x).toPrecision(2))} %`;

function describeFindings(
  { factor, klFactor, beta }: Weights,
  reconstruction: ReconstructionName,
  residuals: MeasuredAudit['residuals'],
  sampling: Sampling | null,
): string[] {
  const { title } = RECONSTRUCTIONS[reconstruction];
  const lines = [
    `gradient by the output: ${formatNumber(factor, 7)} x that of the ${title}, ` +
      `${residuals.reconstruction <= NEAR ? 'exactly' : `and ${percent(residuals.reconstruction)} of it is something else`}`,
    `gradient by mean and logvar: ${formatNumber(klFactor, 7)} x that of the KL, ` +
      `${residuals.kl <= NEAR ? 'exactly' : `and ${percent(residuals.kl)} of it is something else`}`,
  ];
  if (residuals.z > NEAR) {
    lines.push(
      'the loss uses z itself, not only what the decoder makes of it: a KL from samples, say, is right on average only, ' +
        'and a beta cannot be read from one gradient',
    );
  }
  lines.push(`beta = ${formatNumber(klFactor, 7)} / ${formatNumber(factor, 7)} = ${formatNumber(beta, 7)}`);
  if (sampling !== null) {
    const { deterministic, exponent, meanSlope, detached, differentiated } = sampling;
    const spread =
      exponent === null
        ? 'a standard deviation that is no power of exp(logvar)'
        : `sigma = exp(${formatNumber(exponent, 7)} logvar)`;
    lines.push(
      `z: dz/dmean = ${formatNumber(meanSlope, 7)}, ${deterministic ? 'no noise' : spread}; ` +
        (detached
          ? 'no gradient passes'
          : differentiated
            ? 'its gradients agree with differences'
            : 'its gradients do NOT agree with differences'),
    );
  }
  return lines;
}

/**
 * Measures what a loss is, from its gradients: by the decoder's output as a multiple of the right reconstruction's, and by
 * mean and logvar as a multiple of the KL's, by least squares at random values in float64. The ratio of the two is beta; the
 * residual tells whether the loss is such a combination. Doubled sizes distinguish sums from means.
 * @param loss the training loss; the decoder's outputs are logits, or whatever the loss takes them for
 * @throws TypeError when the loss gives anything but one number; DTypeError when it mixes dtypes; RangeError for a size or
 * sigma out of range.
 */
export function auditLoss(loss: Loss, options: AuditLossOptions = {}): MeasuredAudit {
  checkOptions(
    options,
    ['sample', 'validation', 'sigma', 'data', 'seed', 'features', 'latent', 'batch'],
    'auditLoss',
  );
  const { sample, validation, data, seed = 0 } = options;
  const { features, latent, batch, sigma } = completeDescription({
    likelihood: 'mse',
    features: options.features ?? data?.shape[1] ?? 784,
    ...(options.latent !== undefined && { latent: options.latent }),
    ...(options.batch !== undefined && { batch: options.batch }),
    ...(options.sigma !== undefined && { sigma: options.sigma }),
  });
  const sizes = { features, latent, batch };
  const here = probe(loss, sizes, new Random(seed).stream('audit'));
  const reconstruction = bestOf(here);
  const likelihood = reconstruction === 'bernoulli' ? 'bernoulli' : 'mse';
  const weightsAt = (at: Probe): Weights => {
    const share = likelihood === 'bernoulli' ? 1 : 2 * sigma * sigma;
    const factor = at.reconstructions[reconstruction].factor * share;
    return { factor, klFactor: at.kl.factor, beta: at.kl.factor / factor };
  };
  const weights = weightsAt(here);
  const residuals = {
    reconstruction: here.reconstructions[reconstruction].residual,
    kl: here.kl.residual,
    z: here.throughZ,
  };
  const fits = Object.values(residuals).every((residual) => residual <= NEAR) && weights.factor !== 0;
  const reductions = reductionsOf(loss, sizes, reconstruction, seed);
  const stream = new Random(seed).stream('audit');
  const sampling = sample === undefined ? null : measureSampling(sample, stream.split('sample'));
  const floor = data === undefined ? null : entropyFloor(data);
  return {
    ...weights,
    fits,
    reconstruction,
    residuals,
    reductions,
    sampling,
    findings: describeFindings(weights, reconstruction, residuals, sampling),
    equivalent:
      fits && reconstruction !== 'linear' && weights.beta >= 0
        ? equivalentOf(likelihood, sigma, weights.beta)
        : null,
    warnings: warningsFor({
      ...weights,
      ...reductions,
      ...sizes,
      likelihood,
      half: Math.abs((sampling?.exponent ?? 0.5) - 1) > NEAR,
      deterministic: sampling?.deterministic ?? false,
      detached: sampling?.detached ?? false,
      prior: sampling !== null && isPrior(sampling),
      differentiated: sampling?.differentiated ?? true,
      grayscale: floor !== null && floor > 0,
      validationBeta: validation === undefined ? null : weightsAt(probe(validation, sizes, stream)).beta,
      entropyFloor: floor,
    }),
    entropyFloor: floor,
  };
}
