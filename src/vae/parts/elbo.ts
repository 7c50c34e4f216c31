import { abs, add, mean as meanOver, mul, sub, sum } from '../../autograd/index.js';
import { complete, type Given } from '../../nn/schema/index.js';
import type { Tensor } from '../../tensor/tensor.js';
import { klTerm } from '../kl.js';
import type { LatentVariableModel, VAEOutput } from '../model.js';
import { repeatedLabels, repeatedPosterior, repeatedRows } from '../samples.js';
import { elboSchema } from '../shared-settings.js';
import type { Labels } from './condition.js';
import {
  completeObjective,
  defineObjective,
  type ObjectiveFunction,
  objectives,
  type Terms,
} from './objective.js';
import type { PartSpec } from './registry.js';

/** Samples of z that a pass has of each example. */
export const samplesOf = ({ mean, z }: VAEOutput): number => z.shape[0] / mean.shape[0];

/** log q(z | x) - log p(z) at the samples of a pass, as terms to be summed: [samples * batch, latent or 1]. */
function sampledKl(model: LatentVariableModel, pass: VAEOutput, labels: Labels | undefined): Tensor {
  const { posterior = pass, z } = pass;
  const samples = samplesOf(pass);
  return logRatio(
    model.posterior.logDensity(repeatedPosterior(posterior, samples), z),
    model.prior.logDensity(z, repeatedLabels(labels, samples)),
  );
}

/** log q - log p as terms to be summed: of each dimension where both come apart, else whole. */
export function logRatio(q: Tensor, p: Tensor): Tensor {
  if (q.shape[q.rank - 1] === p.shape[p.rank - 1]) return sub(q, p);
  const whole = (terms: Tensor): Tensor => sum(terms, { axes: -1, keepDims: true });
  return sub(whole(q), whole(p));
}

/** -log p(x | z) of every sample of a pass, without the likelihood's constant: a scalar. */
export function reconstructionOf(
  model: Pick<LatentVariableModel, 'likelihood' | 'rows'>,
  x: Tensor,
  pass: VAEOutput,
): Tensor {
  return model.likelihood.reconstruction(pass.output, repeatedRows(model.rows(x), samplesOf(pass)));
}

/** The terms with names, as graphs show them. */
export function namedTerms(reconstruction: Tensor, klPerDimension: Tensor): Terms {
  return {
    reconstruction: reconstruction.named('reconstruction'),
    kl: sum(klPerDimension.named('kl per dimension')).named('kl'),
    klPerDimension,
  };
}

/** A pass and its terms in one, field by field: of spread objects V8 makes a new hidden class at every step, and keeps it. */
export function withTerms(
  pass: VAEOutput,
  { reconstruction, kl, klPerDimension, bound }: Terms,
): VAEOutput & Terms {
  const { posterior = pass, mean, logvar, z, output } = pass;
  return { posterior, mean, logvar, z, output, reconstruction, kl, klPerDimension, bound };
}

/** The terms of the ELBO, of a pass with one sample for each example or several. */
export function elboTerms(
  model: LatentVariableModel,
  x: Tensor,
  pass: VAEOutput,
  { labels, kl = 'analytic' }: { readonly labels?: Labels | undefined; readonly kl?: 'analytic' | 'sample' },
): Terms {
  const { posterior = pass } = pass;
  const inClosedForm = kl === 'analytic' ? model.prior.kl(posterior, model.posterior, labels) : undefined;
  const klOfEach = inClosedForm ?? sampledKl(model, pass, labels);
  return namedTerms(reconstructionOf(model, x, pass), meanOver(klOfEach, { axes: 0 }));
}

/** The specification of the negative ELBO with the KL weighted by beta, free bits, and a capacity. */
export const elbo = defineObjective({
  name: 'elbo',
  examples: () => [
    {},
    { beta: 4 },
    { freeBits: 0.1 },
    { beta: 0.5, freeBits: 0.5 },
    { kl: 'sample' },
    { beta: 3, capacity: 25 },
  ],
  doc: 'reconstruction + beta * KL, each latent dimension of the KL counting at least freeBits nats.',
  settings: elboSchema,
  build: ({ kl, ...weights }) => weightedElbo(weights, kl),
});

const weightedElbo = (
  { beta, freeBits, capacity }: Record<'beta' | 'freeBits', number> & { readonly capacity: number | null },
  kl: 'analytic' | 'sample',
): ObjectiveFunction => ({
  terms: ({ model, x, labels, run }) => {
    const pass = run();
    return withTerms(pass, elboTerms(model, x, pass, { labels, kl }));
  },
  loss: ({ reconstruction, kl, klPerDimension }) => {
    const counted = freeBits > 0 ? klTerm(klPerDimension, freeBits) : kl;
    const held = capacity === null ? counted : abs(sub(counted, capacity));
    return add(reconstruction, beta === 1 ? held : mul(held, beta));
  },
});

/** How terms become a loss: settings of the ELBO, or an objective in their place. */
export interface LossOptions extends Given<typeof elboSchema> {
  /** A registered objective, by its specification or its name, in place of the settings. */
  readonly objective?: string | PartSpec | undefined;
}

/**
 * The objective that options ask for.
 * @throws what {@link completeObjective} does, and RangeError for a setting out of range.
 */
export function objectiveFrom({ objective, ...settings }: LossOptions, who: string): ObjectiveFunction {
  const spec = completeObjective(objective, settings, who);
  if (spec !== null) return objectives.build(spec, undefined);
  const { kl, ...weights } = complete(elboSchema, settings, who);
  return weightedElbo(weights, kl);
}
