import { activationNames } from '../nn/activation-names.js';
import {
  choice,
  complete,
  type Given,
  integer,
  list,
  number,
  toggle,
  type Values,
} from '../nn/schema/index.js';

/** Beyond any use; a list that is longer is a mistake. */
export const MAX_LAYERS = 1000;

/** The architecture and the likelihood, apart from the data's width. */
export const architectureSchema = {
  /** Widths of the encoder's hidden layers; the decoder mirrors them. */
  hidden: list(integer({ min: 1, help: 'width of a layer' }), {
    most: MAX_LAYERS,
    label: 'Hidden layers',
    help: 'widths of the hidden layers, as 512,256',
  }),
  /** Dimensions of z. */
  latent: integer({ min: 1, label: 'Dimensions of z', help: 'dimensions of z' }),
  /** After each hidden layer. Defaults to 'relu'. */
  activation: choice(activationNames, { default: 'relu', help: 'of the hidden layers' }),
  /** p(x | z). Defaults to 'bernoulli'. */
  likelihood: choice(
    { bernoulli: 'Bernoulli: cross-entropy', gaussian: 'Gaussian: squared error' },
    { default: 'bernoulli', label: 'Likelihood of a pixel', help: 'of a pixel' },
  ),
  /** Standard deviation of the Gaussian likelihood, or its start when learned. Defaults to sqrt(1/2). */
  sigma: number({
    above: 0,
    default: Math.SQRT1_2,
    onlyWith: { likelihood: 'gaussian' },
    label: 'Sigma of the Gaussian',
    help: 'standard deviation of the Gaussian likelihood',
  }),
  /** Whether sigma is a parameter. Defaults to false. */
  learnSigma: toggle({
    onlyWith: { likelihood: 'gaussian' },
    label: 'Sigma learned',
    help: 'train sigma with the other parameters',
  }),
};

/** What a checkpoint keeps of a model beside its parameters. */
export const configSchema = {
  /** Numbers per example. */
  features: integer({ min: 1, help: 'numbers per example' }),
  ...architectureSchema,
};

/** Everything that decides the architecture and the likelihood: plain JSON, kept in checkpoints. */
export type VAEConfig = Values<typeof configSchema>;

/** A configuration before its defaults are filled in. */
export type GivenConfig = Given<typeof configSchema>;

/** Architectures by name; see the README for what each is compared with. */
export const presets = {
  /** 784-256-2, Bernoulli: small, and without a plateau at the start of training: what the page opens on. */
  small2: { hidden: [256], latent: 2, likelihood: 'bernoulli' },
  /** 784-512-256-2 mirrored, squared error + KL: the latent space is a plane that can be drawn. */
  latent2: { hidden: [512, 256], latent: 2, likelihood: 'gaussian' },
  /** 784-400-20, Bernoulli: the architecture of many VAE examples. */
  latent20: { hidden: [400], latent: 20, likelihood: 'bernoulli' },
  /** 784-512-128, Bernoulli. */
  latent128: { hidden: [512], latent: 128, likelihood: 'bernoulli' },
} as const;

/** The name of a preset configuration. */
export type PresetName = keyof typeof presets;
/** The same names as a list, for choices. */
export const presetNames = [
  'small2',
  'latent2',
  'latent20',
  'latent128',
] as const satisfies readonly PresetName[];

/** 'latent2: 784-512-256-2', on images of MNIST's size. */
const presetTitle = (name: PresetName): string =>
  `${name}: ${[784, ...presets[name].hidden, presets[name].latent].join('-')}`;

/** One of the presets, for flags and forms. */
export const presetSetting = choice(
  {
    small2: presetTitle('small2'),
    latent2: presetTitle('latent2'),
    latent20: presetTitle('latent20'),
    latent128: presetTitle('latent128'),
  },
  {
    default: 'latent2',
    label: 'Architecture',
    help: 'architecture and likelihood; the options below change them',
  },
);

/**
 * Fills in the defaults: ReLU, Bernoulli, sigma^2 = 1/2 fixed.
 * @throws RangeError naming the field that is out of range; TypeError for one that does not exist.
 */
export function completeConfig(given: GivenConfig): VAEConfig {
  const config = complete(configSchema, given, 'VAE');
  if (config.learnSigma && config.likelihood !== 'gaussian') {
    throw new RangeError(
      `VAE: learnSigma is true; it must be false: the ${config.likelihood} likelihood has no sigma (the 'gaussian' one has)`,
    );
  }
  return config;
}
