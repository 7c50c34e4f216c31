import { type ActivationName, activation } from '../nn/activations.js';

/** Everything that decides the architecture and the likelihood: plain JSON, kept in checkpoints. */
export interface VAEConfig {
  /** Numbers per example. */
  readonly features: number;
  /** Widths of the encoder's hidden layers; the decoder mirrors them. */
  readonly hidden: readonly number[];
  /** Dimensions of z. */
  readonly latent: number;
  readonly activation: ActivationName;
  readonly likelihood: 'bernoulli' | 'gaussian';
  /** Standard deviation of the Gaussian likelihood, or its start when learned. */
  readonly sigma: number;
  readonly learnSigma: boolean;
}

/** Architectures by name; see the README for what each is compared with. */
export const presets = {
  /** 784-512-256-2 mirrored, squared error + KL: the latent space is a plane that can be drawn. */
  latent2: { hidden: [512, 256], latent: 2, likelihood: 'gaussian' },
  /** 784-400-20, Bernoulli: the architecture of many VAE examples. */
  latent20: { hidden: [400], latent: 20, likelihood: 'bernoulli' },
  /** 784-512-128, Bernoulli. */
  latent128: { hidden: [512], latent: 128, likelihood: 'bernoulli' },
} as const;

export type PresetName = keyof typeof presets;
/** The same names as a list, for choices. */
export const presetNames = ['latent2', 'latent20', 'latent128'] as const satisfies readonly PresetName[];

const size = (n: number): boolean => Number.isSafeInteger(n) && n >= 1;

/**
 * Fills in what is not given: ReLU, Bernoulli, sigma^2 = 1/2 fixed.
 * @throws RangeError naming the field that is out of range.
 */
export function completeConfig(
  given: Partial<VAEConfig> & Pick<VAEConfig, 'features' | 'hidden' | 'latent'>,
): VAEConfig {
  const wrong = (field: keyof VAEConfig, got: unknown, needs: string): never => {
    const shown = typeof got === 'number' ? String(got) : JSON.stringify(got);
    throw new RangeError(`VAE: ${field} is ${shown}; it must be ${needs}`);
  };
  const isWidths = Array.isArray(given.hidden) && given.hidden.every(size);
  if (!isWidths) wrong('hidden', given.hidden, 'a list of integers of 1 or more');
  const config: VAEConfig = {
    features: given.features,
    hidden: [...given.hidden],
    latent: given.latent,
    activation: given.activation ?? 'relu',
    likelihood: given.likelihood ?? 'bernoulli',
    sigma: given.sigma ?? Math.SQRT1_2,
    learnSigma: given.learnSigma ?? false,
  };
  if (!size(config.features)) wrong('features', config.features, 'an integer of 1 or more');
  if (!size(config.latent)) wrong('latent', config.latent, 'an integer of 1 or more');
  if (!(config.sigma > 0 && Number.isFinite(config.sigma)))
    wrong('sigma', config.sigma, 'a finite number above 0');
  if (config.likelihood !== 'bernoulli' && config.likelihood !== 'gaussian') {
    wrong('likelihood', config.likelihood, "'bernoulli' or 'gaussian'");
  }
  if (typeof config.learnSigma !== 'boolean') wrong('learnSigma', config.learnSigma, 'true or false');
  if (config.learnSigma && config.likelihood !== 'gaussian') {
    wrong(
      'learnSigma',
      true,
      `false: the ${config.likelihood} likelihood has no sigma (the 'gaussian' one has)`,
    );
  }
  activation(config.activation);
  return config;
}
