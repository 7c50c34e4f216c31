import { pick } from '../nn/schema/index.js';
import { checkOptions } from '../tensor/known-options.js';
import type { GivenConfig, VAEConfig } from './config.js';
import { bernoulliLikelihood } from './likelihoods/bernoulli.js';
import { gaussianLikelihood } from './likelihoods/gaussian.js';
import { type Likelihood, likelihoods } from './likelihoods/likelihood.js';
import { type Body, bodies } from './parts/body.js';
import { type Condition, conditions } from './parts/condition.js';
import { gaussianPosterior } from './parts/diagonal-gaussian.js';
import { mlp } from './parts/mlp.js';
import { type PosteriorFamily, posteriors } from './parts/posterior.js';
import { type Prior, priors } from './parts/prior.js';
import type { PartSpec } from './parts/registry.js';
import { standardNormal } from './parts/standard-normal.js';
import { convolutions } from './shared-settings.js';

/** A model of parts as plain JSON, kept in checkpoints. */
export interface VAESpec {
  readonly encoder: PartSpec;
  readonly decoder: PartSpec;
  readonly posterior: PartSpec;
  readonly prior: PartSpec;
  readonly likelihood: PartSpec;
  /** Null for a model of p(x), not of p(x | y). */
  readonly condition: PartSpec | null;
}

/**
 * The parts of a model, each as its specification (a function such as `mlp` writes it), as its name where it needs no
 * settings, or as an object that is registered nowhere: then no checkpoint can be made.
 */
export interface VAEParts {
  /** From data to features. */
  readonly encoder: string | PartSpec | Body;
  /** From codes to what the likelihood takes; its last layer is made to fit. */
  readonly decoder: string | PartSpec | Body;
  /** q(z | x). */
  readonly posterior: string | PartSpec | PosteriorFamily;
  /** p(z). Defaults to the standard normal. */
  readonly prior?: string | PartSpec | Prior;
  /** p(x | z). */
  readonly likelihood: string | PartSpec | Likelihood;
  /** What is known of an example beside x. Defaults to null: nothing. */
  readonly condition?: string | PartSpec | Condition | null;
}

const REQUIRED = ['encoder', 'decoder', 'posterior', 'likelihood'] as const;
const ROLES = [...REQUIRED, 'prior', 'condition'] as const;

/** @throws TypeError for a part that models do not have, or a required one that is missing. */
export function checkParts(parts: object): asserts parts is VAEParts {
  checkOptions(parts, ROLES, 'VAE');
  const missing = REQUIRED.filter((role) => Reflect.get(parts, role) === undefined);
  if (missing.length === 0) return;
  throw new TypeError(`VAE: a model of parts needs ${REQUIRED.join(', ')}, but got no ${missing.join(', ')}`);
}

export const isParts = (given: GivenConfig | VAEParts): given is VAEParts => 'encoder' in given;

/**
 * A specification with every default in place.
 * @throws RangeError or TypeError when a part is not registered, or a setting is out of range or does not exist.
 */
export function completeSpec(given: object): VAESpec {
  checkParts(given);
  const spec = given as Partial<VAESpec>;
  return {
    encoder: bodies.complete(spec.encoder ?? '', 'VAE, encoder'),
    decoder: bodies.complete(spec.decoder ?? '', 'VAE, decoder'),
    posterior: posteriors.complete(spec.posterior ?? '', 'VAE'),
    prior: priors.complete(spec.prior ?? 'standard-normal', 'VAE'),
    likelihood: likelihoods.complete(spec.likelihood ?? '', 'VAE'),
    condition: spec.condition ? conditions.complete(spec.condition, 'VAE') : null,
  };
}

/** At least how many parameters a model of a complete specification has. */
export const minParameters = ({ encoder, decoder, posterior, prior, condition }: VAESpec): number =>
  bodies.minParameters(encoder) +
  bodies.minParameters(decoder) +
  posteriors.minParameters(posterior) +
  priors.minParameters(prior) +
  (condition === null ? 0 : conditions.minParameters(condition));

/** Encoder and decoder of a configuration. */
function bodiesOf(config: VAEConfig): Pick<VAESpec, 'encoder' | 'decoder'> {
  const { features, shape, body, hidden, latent, activation, initialize } = config;
  const layers = { activation, initialize };
  if (body === 'dense') {
    return { encoder: mlp(features, hidden, layers), decoder: mlp(latent, hidden.toReversed(), layers) };
  }
  const common = { shape, ...pick(convolutions, config), ...layers };
  // By name: a program without convolutions does not carry their code.
  return {
    encoder: bodies.complete({ name: 'conv', ...common, hidden }, 'VAE, encoder'),
    decoder: bodies.complete({ name: 'conv-transposed', ...common, inputs: latent }, 'VAE, decoder'),
  };
}

function likelihoodOf({ likelihood, sigma, learnSigma }: VAEConfig): PartSpec {
  if (likelihood === 'bernoulli') return bernoulliLikelihood();
  if (likelihood === 'gaussian')
    return gaussianLikelihood({ sigma, scale: learnSigma ? 'learned' : 'fixed' });
  return likelihoods.complete(likelihood, 'VAE');
}

// By name where a part is rare, as above.

function posteriorOf({ posterior, latent, initialize, couplings }: VAEConfig): PartSpec {
  const common = { latent, initialize };
  if (posterior === 'diagonal') return gaussianPosterior(common);
  const own = posterior === 'full' ? { name: 'full-gaussian' } : { name: 'flow', layers: couplings };
  return posteriors.complete({ ...own, ...common }, 'VAE');
}

function priorOf({ prior, components }: VAEConfig): PartSpec {
  if (prior === 'standard') return standardNormal();
  return priors.complete(prior === 'conditional' ? prior : { name: prior, components }, 'VAE');
}

/** The parts that a configuration such as the presets' stands for. */
export const specOf = (config: VAEConfig): VAESpec => ({
  ...bodiesOf(config),
  posterior: posteriorOf(config),
  prior: priorOf(config),
  likelihood: likelihoodOf(config),
  condition:
    config.condition === 'none'
      ? null
      : conditions.complete({ name: 'label', classes: config.classes }, 'VAE'),
});
