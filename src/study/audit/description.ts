/** How a term is reduced along a dimension. */
export type Reduction = 'sum' | 'mean';

/** A VAE's loss as someone wrote it, in plain JSON. */
export interface LossDescription {
  /**
   * 'bernoulli': binary cross-entropy; 'mse': squared error as it stands; 'gaussian': squared error over 2 sigma^2.
   */
  readonly likelihood: 'bernoulli' | 'gaussian' | 'mse';
  /** The reconstruction over the features of an example; 'sum' unless given. */
  readonly reconstruction: Reduction;
  /** The reconstruction over the batch; 'mean' unless given. */
  readonly reconstructionBatch: Reduction;
  /** The KL over the latent dimensions; 'sum' unless given. */
  readonly kl: Reduction;
  /** The KL over the batch; 'mean' unless given. */
  readonly klBatch: Reduction;
  /** The factor written before the KL; 1 unless given. */
  readonly klWeight: number;
  /** The factor before the KL in the loss of the validation data; `klWeight` unless given. */
  readonly validationWeight: number;
  /**
   * Standard deviation of the Gaussian; for 'mse' the one it is read as. sqrt(1/2) unless given: then the squared error
   * is the Gaussian's own term.
   */
  readonly sigma: number;
  /** Whether the Gaussian's constant, features * log(sigma sqrt(2 pi)), is part of the loss; false unless given. */
  readonly constant: boolean;
  /** Whether the standard deviation is exp(logvar / 2), with the 1/2; true unless given. */
  readonly half: boolean;
  /** Whether training decodes the mean instead of a sample; false unless given. */
  readonly deterministic: boolean;
  /** Whether no gradient passes through z to mean and logvar; false unless given. */
  readonly detached: boolean;
  /** Whether the data has values between 0 and 1, not 0 and 1 alone; false unless given. */
  readonly grayscale: boolean;
  /** Numbers per example; 784 unless given. */
  readonly features: number;
  /** Dimensions of z; 20 unless given. */
  readonly latent: number;
  /** Examples per batch; 128 unless given. */
  readonly batch: number;
}

export const LIKELIHOODS = ['bernoulli', 'gaussian', 'mse'] as const;
export const REDUCTIONS = ['sum', 'mean'] as const;

/** What a field takes: one of some words, true or false, or a number that fits. */
type Field =
  | { readonly words: readonly string[] }
  | { readonly flag: true }
  | { readonly fits: (x: number) => boolean; readonly need: string };

const reduction: Field = { words: REDUCTIONS };
const flag: Field = { flag: true };
const weight: Field = { fits: (x) => x >= 0 && Number.isFinite(x), need: 'a finite number of 0 or more' };
const count: Field = { fits: (x) => Number.isSafeInteger(x) && x >= 1, need: 'a whole number of 1 or more' };

const FIELDS: Readonly<Record<keyof LossDescription, Field>> = {
  likelihood: { words: LIKELIHOODS },
  reconstruction: reduction,
  reconstructionBatch: reduction,
  kl: reduction,
  klBatch: reduction,
  klWeight: weight,
  validationWeight: weight,
  sigma: { fits: (x) => x > 0 && Number.isFinite(x), need: 'a finite number above 0' },
  constant: flag,
  half: flag,
  deterministic: flag,
  detached: flag,
  grayscale: flag,
  features: count,
  latent: count,
  batch: count,
};

const isField = (name: string): name is keyof LossDescription => Object.hasOwn(FIELDS, name);

/** What is wrong with a value; undefined when nothing is. */
function complaint(name: string, value: unknown, field: Field): string | undefined {
  const shown = typeof value === 'number' ? String(value) : JSON.stringify(value);
  if ('words' in field)
    return field.words.some((word) => word === value)
      ? undefined
      : `${name} is ${shown}; it must be ${field.words.map((word) => `'${word}'`).join(' or ')}`;
  if ('flag' in field)
    return typeof value === 'boolean' ? undefined : `${name} is ${shown}; it must be true or false`;
  return typeof value === 'number' && field.fits(value)
    ? undefined
    : `${name} is ${shown}; it must be ${field.need}`;
}

/** What a person gives: the likelihood, and whatever differs from the defaults. */
export type GivenDescription = Pick<LossDescription, 'likelihood'> & Partial<LossDescription>;

/**
 * Checks what was read from a file, say: that every field exists and has a value it can have.
 * @throws TypeError for anything but an object, or a field that does not exist; RangeError for a value out of range, or
 * fields that contradict each other.
 */
export function checkDescription(given: unknown): asserts given is GivenDescription {
  if (typeof given !== 'object' || given === null || Array.isArray(given)) {
    throw new TypeError(
      "audit: the description of a loss is an object, as { likelihood: 'mse', reconstruction: 'mean' }",
    );
  }
  for (const [name, value] of Object.entries(given)) {
    if (!isField(name)) {
      throw new TypeError(`audit: there is no field '${name}'; there are ${Object.keys(FIELDS).join(', ')}`);
    }
    const wrong = value === undefined ? undefined : complaint(name, value, FIELDS[name]);
    if (wrong !== undefined) throw new RangeError(`audit: ${wrong}`);
  }
  const { likelihood, sigma, constant }: Partial<LossDescription> = given;
  if (likelihood === undefined) {
    throw new RangeError(
      `audit: likelihood is missing; it must be ${LIKELIHOODS.map((name) => `'${name}'`).join(' or ')}`,
    );
  }
  if (likelihood === 'bernoulli' && sigma !== undefined) {
    throw new RangeError(
      "audit: sigma is given, but the bernoulli likelihood has none; leave it out, or say 'gaussian'",
    );
  }
  if (likelihood !== 'gaussian' && constant === true) {
    throw new RangeError(
      `audit: constant is true, but only 'gaussian' has one to leave out; ${likelihood} has none`,
    );
  }
}

/** Fills in what is not given, and checks it; see {@link checkDescription} for what is thrown. */
export function completeDescription(given: GivenDescription): LossDescription {
  checkDescription(given);
  const { klWeight = 1 } = given;
  return {
    likelihood: given.likelihood,
    reconstruction: given.reconstruction ?? 'sum',
    reconstructionBatch: given.reconstructionBatch ?? 'mean',
    kl: given.kl ?? 'sum',
    klBatch: given.klBatch ?? 'mean',
    klWeight,
    validationWeight: given.validationWeight ?? klWeight,
    sigma: given.sigma ?? Math.SQRT1_2,
    constant: given.constant ?? false,
    half: given.half ?? true,
    deterministic: given.deterministic ?? false,
    detached: given.detached ?? false,
    grayscale: given.grayscale ?? false,
    features: given.features ?? 784,
    latent: given.latent ?? 20,
    batch: given.batch ?? 128,
  };
}
