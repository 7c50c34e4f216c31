import { activationNames } from '../nn/activation-names.js';
import {
  choice,
  complete,
  type Given,
  integer,
  list,
  number,
  onlyWith,
  optional,
  toggle,
  type Values,
} from '../nn/schema/index.js';
import { formatShape, type Shape, sizeOf } from '../tensor/shape.js';
import { convolutions, initialize, MAX_LAYERS } from './shared-settings.js';

/** The architecture and the likelihood, apart from the data's width. */
export const architectureSchema = {
  /** What encoder and decoder are made of. Defaults to 'dense'. */
  body: choice(
    { dense: 'dense layers', conv: 'convolutions' },
    { default: 'dense', label: 'Layers', help: 'what encoder and decoder are made of' },
  ),
  ...onlyWith({ body: 'conv' }, convolutions),
  /** Widths of the encoder's dense hidden layers. The decoder mirrors them, but not those after convolutions. */
  hidden: list(integer({ min: 1, help: 'width of a layer' }), {
    most: MAX_LAYERS,
    label: 'Hidden layers',
    help: 'widths of the hidden dense layers, as 512,256',
  }),
  /** Dimensions of z. */
  latent: integer({ min: 1, label: 'Dimensions of z', help: 'dimensions of z' }),
  /** What encoder and decoder are told of an example beside its data: then the model is of p(x | y). Defaults to 'none'. */
  condition: choice(
    { none: 'none', label: 'the class' },
    { default: 'none', help: 'what encoder and decoder are told' },
  ),
  /** q(z | x). Defaults to 'diagonal'. */
  posterior: choice(
    {
      diagonal: 'diagonal',
      full: 'full covariance',
      flow: 'flow',
    },
    { default: 'diagonal', help: 'q(z | x)' },
  ),
  /** Coupling layers of the flow. Defaults to 4. */
  couplings: integer({
    min: 1,
    max: MAX_LAYERS,
    default: 4,
    onlyWith: { posterior: 'flow' },
    help: 'layers of the flow',
  }),
  /** p(z). Defaults to 'standard'. */
  prior: choice(
    {
      standard: 'standard normal',
      mixture: 'mixture',
      vamp: 'vamp',
      conditional: 'one for each class',
    },
    { default: 'standard', help: 'p(z), or p(z | y)' },
  ),
  /** Gaussians of the mixture, or made-up examples of the VampPrior. Defaults to 50. */
  components: integer({
    min: 1,
    default: 50,
    onlyWith: { prior: ['mixture', 'vamp'] },
    help: 'of the mixture or the VampPrior',
  }),
  /** After each hidden layer. Defaults to 'relu'. */
  activation: choice(activationNames, { default: 'relu', help: 'of the hidden layers' }),
  /** What weights and biases start from. Defaults to 'torch'. */
  initialize,
  /** p(x | z). Defaults to 'bernoulli'. */
  likelihood: choice(
    {
      bernoulli: 'Bernoulli: cross-entropy',
      gaussian: 'Gaussian: squared error',
      'discretized-logistic': 'logistic, of 256 levels',
    },
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
  /** [channels, rows, columns] of an image, which convolutions need. Defaults to null. */
  shape: optional(
    list(integer({ min: 1, help: 'a size' }), {
      least: 3,
      most: 3,
      help: 'of an image: channels, rows, columns',
    }),
  ),
  /** How many classes there are, which a condition on the label needs. Defaults to null. */
  classes: optional(integer({ min: 1, help: 'how many classes there are' })),
  ...architectureSchema,
};

/** Everything that decides the architecture and the likelihood: plain JSON, kept in checkpoints. */
export type VAEConfig = Values<typeof configSchema>;

/** A configuration before its defaults are filled in. */
export type GivenConfig = Given<typeof configSchema>;

const conv = { body: 'conv', likelihood: 'bernoulli', initialize: 'heUniform' } as const;

/** Architectures by name; see the README for what each is compared with; `pathwise models` says what it is for. */
export const presets = {
  small2: { hidden: [256], latent: 2, likelihood: 'bernoulli' },
  latent2: { hidden: [512, 256], latent: 2, likelihood: 'gaussian' },
  latent20: { hidden: [400], latent: 20, likelihood: 'bernoulli' },
  conditional: { hidden: [400], latent: 20, likelihood: 'bernoulli', condition: 'label' },
  latent128: { hidden: [512], latent: 128, likelihood: 'bernoulli' },
  conv2: { ...conv, channels: [32, 64], hidden: [16], latent: 2 },
  conv20: { ...conv, channels: [32, 64], hidden: [512], latent: 20 },
  conv32: { ...conv, channels: [32, 64, 128], hidden: [256], latent: 64, likelihood: 'discretized-logistic' },
  residual32: {
    ...conv,
    channels: [32, 64, 128],
    residual: 1,
    hidden: [256],
    latent: 64,
    likelihood: 'discretized-logistic',
  },
} as const satisfies Record<string, Omit<GivenConfig, 'features'>>;

/** The name of a preset configuration. */
export type PresetName = keyof typeof presets;
/** The same names as a list, for choices. */
export const presetNames = Object.keys(presets) as readonly PresetName[];

/** What each preset is for, in a line. */
export const presetHelp: Readonly<Record<PresetName, string>> = {
  small2: 'small, and without a plateau at the start of training: what the page opens on',
  latent2: 'the latent space is a plane that can be drawn; squared error',
  latent20: 'the architecture of many VAE examples',
  conditional: 'latent20 told the class: digits of a class can be asked for, and their style kept',
  latent128: 'more dimensions than digits need: many stay unused',
  conv2: "convolutions to a plane: the shapes of Keras's example of a VAE",
  conv20: 'the same convolutions, z of 20 dimensions',
  conv32: '32x32 images in colour, of 256 levels by a logistic distribution',
  residual32: 'conv32 with a residual block after each convolution',
};

/** '784-512-256-2', '1x28x28-conv32-conv64-16-2': from the data to z. */
export const widthsText = ({
  features,
  shape,
  body,
  channels,
  hidden,
  latent,
}: Pick<VAEConfig, 'features' | 'shape' | 'body' | 'channels' | 'hidden' | 'latent'>): string =>
  (body === 'conv'
    ? [shape?.join('x') ?? features, ...channels.map((n) => `conv${n}`), ...hidden, latent]
    : [features, ...hidden, latent]
  ).join('-');

/** The presets that are meant for 32x32 images in colour. */
const OF_COLOR: readonly PresetName[] = ['conv32', 'residual32'];

/** Channels, rows and columns of the images that a preset is meant for. */
export const presetShape = (name: PresetName): Shape => (OF_COLOR.includes(name) ? [3, 32, 32] : [1, 28, 28]);

/** 'latent2: 784-512-256-2'. */
function presetTitle(name: PresetName): string {
  const shape = presetShape(name);
  const config = complete(configSchema, { features: sizeOf(shape), shape, ...presets[name] }, name);
  return `${name}: ${widthsText(config)}`;
}

/** One of some presets, for flags and forms. @param usual the default */
export const presetChoice = <const Name extends PresetName>(names: readonly Name[], usual: NoInfer<Name>) =>
  choice(Object.fromEntries(names.map((name) => [name, presetTitle(name)])) as Record<Name, string>, {
    default: usual,
    label: 'Architecture',
    help: 'architecture and likelihood; the options below change them',
  });

/** One of the presets. */
export const presetSetting = presetChoice(presetNames, 'latent2');

/** The configuration of an architecture for a data set. */
export const configFor = (
  {
    features,
    shape = null,
    classes = null,
  }: { readonly features: number; readonly shape?: Shape | null; readonly classes?: number | null },
  architecture: Omit<GivenConfig, 'features' | 'shape' | 'classes'>,
): GivenConfig => ({
  features,
  shape: architecture.body === 'conv' ? shape : null,
  classes,
  ...architecture,
});

/**
 * Fills in the defaults: dense layers, ReLU, Bernoulli, sigma^2 = 1/2 fixed.
 * @throws RangeError naming the field that is out of range, or does not agree with another; TypeError for one that does not exist.
 */
export function completeConfig(given: GivenConfig): VAEConfig {
  const config = complete(configSchema, given, 'VAE');
  const { features, shape, classes, body, condition, likelihood, learnSigma } = config;
  if (learnSigma && likelihood !== 'gaussian') {
    throw new RangeError(
      `VAE: learnSigma is true; it must be false: the ${likelihood} likelihood has no sigma (the 'gaussian' one has)`,
    );
  }
  if (shape !== null && sizeOf(shape) !== features) {
    throw new RangeError(
      `VAE: shape is ${formatShape(shape)}, which has ${sizeOf(shape)} numbers, but features is ${features}`,
    );
  }
  if (condition === 'label' && classes === null) {
    throw new RangeError("VAE: condition 'label' needs classes, as in classes: 10");
  }
  if (body === 'conv' && shape === null) {
    throw new RangeError(
      "VAE: body is 'conv', which needs images: give shape, as in shape: [1, 28, 28] (channels, rows, columns)",
    );
  }
  return config;
}
