import {
  choice,
  complete,
  type Given,
  integer,
  number,
  optional,
  toggle,
  type Values,
} from '../../nn/schema/index.js';

/** The likelihoods that a loss can be described with. */
export const LIKELIHOODS = ['bernoulli', 'gaussian', 'mse'] as const;
/** How a loss can reduce a dimension. */
export const REDUCTIONS = ['sum', 'mean'] as const;

/** How a term is reduced along a dimension. */
export type Reduction = (typeof REDUCTIONS)[number];

/** A VAE's loss as someone wrote it. */
export const lossSchema = {
  /** 'bernoulli': binary cross-entropy; 'mse': squared error as it stands; 'gaussian': squared error over 2 sigma^2. */
  likelihood: choice(LIKELIHOODS, { help: 'cross-entropy, squared error / (2 sigma^2), or squared error' }),
  /** The reconstruction over the features of an example. Defaults to 'sum'. */
  reconstruction: choice(REDUCTIONS, { default: 'sum', help: 'over the features of an example' }),
  /** The reconstruction over the batch. Defaults to 'mean'. */
  reconstructionBatch: choice(REDUCTIONS, { default: 'mean', help: 'the same over the batch' }),
  /** The KL over the latent dimensions. Defaults to 'sum'. */
  kl: choice(REDUCTIONS, { default: 'sum', help: 'over the latent dimensions' }),
  /** The KL over the batch. Defaults to 'mean'. */
  klBatch: choice(REDUCTIONS, { default: 'mean', help: 'the same over the batch' }),
  /** Factor of the KL. Defaults to 1. */
  klWeight: number({ min: 0, default: 1, help: 'the factor before the KL' }),
  /** Factor of the KL in the validation loss. Defaults to `klWeight`. */
  validationWeight: optional(number({ min: 0, help: 'the same in the validation loss, where it differs' })),
  /**
   * Standard deviation of the Gaussian, or of the one that 'mse' is read as. Defaults to sqrt(1/2), at which the squared error is
   * the Gaussian's own term.
   */
  sigma: number({
    above: 0,
    default: Math.SQRT1_2,
    help: 'of the Gaussian, or that a squared error is read with',
  }),
  /** Whether the Gaussian's constant, features * log(sigma sqrt(2 pi)), is part of the loss. Defaults to false. */
  constant: toggle({ help: "the Gaussian's constant is in the loss" }),
  /** Whether the standard deviation is exp(logvar / 2), with the 1/2. Defaults to true. */
  half: toggle({
    default: true,
    flag: 'missing-half',
    help: 'the standard deviation is exp(logvar), not exp(logvar / 2)',
  }),
  /** Whether training decodes the mean instead of a sample. Defaults to false. */
  deterministic: toggle({ help: 'training decodes the mean, not a sample' }),
  /** Whether no gradient passes through z to mean and logvar. Defaults to false. */
  detached: toggle({ help: 'z is detached' }),
  /** Whether the data has values between 0 and 1, not 0 and 1 alone. Defaults to false. */
  grayscale: toggle({ help: 'the data has values between 0 and 1' }),
  /** Numbers per example. Defaults to 784. */
  features: integer({ min: 1, default: 784, help: 'numbers per example' }),
  /** Dimensions of z. Defaults to 20. */
  latent: integer({ min: 1, default: 20, help: 'dimensions of z' }),
  /** Examples per batch. Defaults to 128. */
  batch: integer({ min: 1, default: 128, help: 'examples per batch' }),
};

/** A VAE's loss as someone wrote it, complete, in plain JSON. */
export interface LossDescription extends Omit<Values<typeof lossSchema>, 'validationWeight'> {
  readonly validationWeight: number;
}

/** The likelihood, and whatever differs from the defaults. */
export type GivenDescription = Given<typeof lossSchema>;

/**
 * Checks a description, from a file, say, and fills in what is not given.
 * @throws TypeError for anything but an object, or a field that does not exist; RangeError for a value out of range, or
 * fields that contradict each other.
 */
export function completeDescription(given: GivenDescription): LossDescription {
  const described = complete(lossSchema, given, 'audit');
  const { likelihood, constant, klWeight, validationWeight } = described;
  if (likelihood === 'bernoulli' && given.sigma !== undefined) {
    throw new RangeError(
      "audit: sigma is given, but the bernoulli likelihood has none; leave it out, or say 'gaussian'",
    );
  }
  if (likelihood !== 'gaussian' && constant) {
    throw new RangeError(
      `audit: constant is true, but only 'gaussian' has one to leave out; ${likelihood} has none`,
    );
  }
  return { ...described, validationWeight: validationWeight ?? klWeight };
}
