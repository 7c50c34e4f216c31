import { type Corruption, corruptions } from '../data/corrupt.js';
import { initializationNames } from '../nn/initialization-names.js';
import { choice, integer, list, number, optional, toggle, type Values } from '../nn/schema/index.js';

// Settings that several declare alike, apart from the code that uses them: a page reads them without it.

/** How the KL enters the loss. */
export const weightsSchema = {
  /** Weight of the KL (Higgins et al., "beta-VAE", 2017). Defaults to 1, the ELBO. */
  beta: number({ min: 0, default: 1, label: 'β, weight of the KL', help: 'weight of the KL' }),
  /** Nats below which a latent dimension's KL is not pushed further (Kingma et al. 2016). Defaults to 0. */
  freeBits: number({
    min: 0,
    default: 0,
    unit: 'nats',
    help: "a latent dimension's KL counts at least this much",
  }),
};

/** All that the ELBO can be told. */
export const elboSchema = {
  ...weightsSchema,
  /** Nats that the KL is held at: its distance from them counts, times beta (Burgess et al. 2018). Defaults to null: 0 nats. */
  capacity: optional(
    number({
      min: 0,
      unit: 'nats',
      label: 'Capacity of the KL',
      help: "nats that the KL is held at, with the weight beta; the KL's warm-up raises them",
    }),
  ),
  /** In closed form where there is one, or log q(z | x) - log p(z) at the samples of z. Defaults to 'analytic'. */
  kl: choice(
    { analytic: 'in closed form', sample: 'at samples of z' },
    { default: 'analytic', label: 'KL', help: 'in closed form, or log q - log p at the sample' },
  ),
};

/** Samples of z for each example. Defaults to 1. */
export const samples = integer({
  min: 1,
  default: 1,
  label: 'Samples of z',
  help: 'samples of z for each example',
});

/** How the gradient of an importance-weighted bound is estimated. Defaults to 'pathwise'. */
export const estimator = choice(
  {
    pathwise: 'pathwise',
    stl: 'sticking the landing',
    dreg: 'doubly reparameterized',
    score: 'score function',
    'score-baseline': 'score function, running mean',
    vimco: 'score function, leave one out',
  },
  { default: 'pathwise', label: 'Gradient estimator', help: 'how the gradient by the encoder is estimated' },
);

/** Draw each value as 0 or 1 with itself as the probability, anew at each step (dynamic binarization). Defaults to false. */
export const binarize = toggle({
  label: 'Binarized at each step',
  help: 'draw each pixel as 0 or 1 at every step',
});

/** Noise on what the encoder sees; the target stays clean. */
export const noiseSchema = {
  /** Its kind (Vincent et al. 2010). Defaults to 'none'. */
  noise: choice(
    { none: 'none', ...corruptions },
    {
      default: 'none',
      label: 'Noise on the input',
      help: 'noise on what the encoder sees; the target is clean',
    },
  ),
  /** Its standard deviation where it is Gaussian, else the share of values that are set. Defaults to 0.3. */
  noiseLevel: number({
    min: 0,
    default: 0.3,
    onlyWith: { noise: Object.keys(corruptions) },
    label: 'Level of the noise',
    help: 'standard deviation of Gaussian noise, share of pixels of the others',
  }),
};

/** The noise of settings; null for none. */
export const corruptionOf = ({ noise, noiseLevel }: Values<typeof noiseSchema>): Corruption | null =>
  noise === 'none' ? null : { noise, level: noiseLevel };

/** What the weights and biases of layers start from. Defaults to 'torch'. */
export const initialize = choice(
  // A layer of zeros learns nothing.
  initializationNames.filter((name) => name !== 'zeros'),
  { default: 'torch', label: 'Initialization', help: 'what weights start from' },
);

/** Beyond any use; a list that is longer is a mistake. */
export const MAX_LAYERS = 1000;

/** Settings of a stack of convolutions, each of which makes the image smaller. */
export const convolutions = {
  /** Channels after each convolution of the encoder; the decoder mirrors them. Defaults to [32, 64]. */
  channels: list(integer({ min: 1, help: 'channels of a convolution' }), {
    least: 1,
    most: MAX_LAYERS,
    default: [32, 64],
    help: "channels after each of the encoder's convolutions; the decoder mirrors them",
  }),
  /** Rows and columns of each kernel. Defaults to 3. */
  kernel: integer({ min: 1, default: 3, help: 'rows and columns of each kernel' }),
  /** By how many pixels a kernel moves: what each convolution divides rows and columns by. Defaults to 2. */
  stride: integer({ min: 1, default: 2, help: 'what each convolution divides rows and columns by' }),
  /** After each convolution but the last of the decoder. Defaults to 'none'. */
  norm: choice(
    { none: 'none', batch: 'batch normalization', group: 'group normalization' },
    { default: 'none', label: 'Normalization', help: 'after each convolution' },
  ),
  /** Residual blocks after each convolution. Defaults to 0. */
  residual: integer({
    min: 0,
    default: 0,
    label: 'Residual blocks',
    help: 'residual blocks after each convolution',
  }),
};
