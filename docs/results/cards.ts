/** What docs/results.md shows: trainings on MNIST, and cards with figures of them beside published ones. */

/** One training: `pathwise train --data mnist` with options. */
export interface Training {
  /** Options of the command beside the data, the seed and the epochs. */
  readonly options: string;
  readonly epochs: number;
  /** Options of `pathwise evaluate`, where -log p(x) is estimated too. */
  readonly evaluate?: string;
  /** Bounds of the test loss after the short form, in nats per image. */
  readonly short: readonly [low: number, high: number];
}

/** The figures of a training, in nats per test image. */
export interface Found {
  readonly loss: number;
  readonly reconstruction: number;
  readonly kl: number;
  readonly activeUnits: number;
  /** -log p(x), with its standard error over images. */
  readonly nll?: { readonly value: number; readonly error: number };
}

const allTrainings = {
  latent2: { options: '--preset latent2', epochs: 10, short: [63.9, 64.6] },
  latent20: { options: '--preset latent20', epochs: 10, evaluate: '--samples 500', short: [283.6, 286.4] },
  'latent20-beta0.25': { options: '--preset latent20 --beta 0.25', epochs: 10, short: [258.3, 260.9] },
  'latent20-beta4': { options: '--preset latent20 --beta 4', epochs: 10, short: [312.0, 315.2] },
  'latent20-beta16': { options: '--preset latent20 --beta 16', epochs: 10, short: [333.2, 336.6] },
  dense2: { options: '--preset latent2 --likelihood bernoulli', epochs: 10, short: [255.3, 257.8] },
  conditional: { options: '--preset conditional', epochs: 10, short: [293.5, 296.4] },
  'latent20-mixture': { options: '--preset latent20 --prior mixture', epochs: 10, short: [283.5, 286.3] },
  'latent20-vamp': { options: '--preset latent20 --prior vamp', epochs: 10, short: [248.8, 251.3] },
  'latent20-full': { options: '--preset latent20 --posterior full', epochs: 10, short: [283.8, 286.6] },
  'latent20-flow': { options: '--preset latent20 --posterior flow', epochs: 10, short: [268.1, 270.7] },
  'latent20-iwae5': {
    options: '--preset latent20 --objective iwae --samples 5',
    epochs: 10,
    evaluate: '--samples 500',
    short: [267.2, 269.9],
  },
  'latent20-dreg5': {
    options: '--preset latent20 --objective iwae --samples 5 --estimator dreg',
    epochs: 10,
    evaluate: '--samples 500',
    short: [266.1, 268.8],
  },
  conv2: { options: '--preset conv2', epochs: 10, short: [331.3, 334.6] },
  conv20: { options: '--preset conv20', epochs: 10, short: [309.5, 312.6] },
} as const satisfies Readonly<Record<string, Training>>;

/** The name of one of {@link trainings}. */
export type TrainingName = keyof typeof allTrainings;

export const trainings: Readonly<Record<TrainingName, Training>> = allTrainings;

/** The figures of all trainings, by name. */
export type Measured = Readonly<Record<TrainingName, Found>>;

/** A number of a card. */
export interface Figure {
  readonly label: string;
  readonly of: (found: Measured) => number;
  /** The figure of others, with its source; where its setting is another, the card says so. */
  readonly published?: readonly [value: number, source: string];
}

/** One model, or several beside each other. */
export interface Card {
  readonly title: string;
  /** What it shows, in plain words. */
  readonly about: string;
  /** How the setting differs from that of the published figures. */
  readonly differs?: string;
  readonly trainings: readonly TrainingName[];
  /** The training whose samples are shown. */
  readonly picture: TrainingName;
  readonly figures: readonly Figure[];
  /** What the figures must show, and whether they do. */
  readonly claims?: readonly (readonly [sentence: string, holds: (found: Measured) => boolean])[];
}

const PYTORCH = 'PyTorch, same settings';

const loss = (name: TrainingName, label: string, published?: Figure['published']): Figure => ({
  label: `${label}: loss`,
  of: (found) => found[name].loss,
  ...(published && { published }),
});

/** -log p(x) of a training that is evaluated. */
const nll = (name: TrainingName, label: string): Figure => ({
  label: `${label}: -log p(x), 500 samples`,
  of: (found) => nllOf(found, name),
});

const nllOf = (found: Measured, name: TrainingName): number => found[name].nll?.value ?? Number.NaN;

const BETAS = [
  ['0.25', 'latent20-beta0.25'],
  ['1', 'latent20'],
  ['4', 'latent20-beta4'],
  ['16', 'latent20-beta16'],
] as const;

const isRising = (values: readonly number[]): boolean => values.every((x, i) => i === 0 || x > values[i - 1]);

const allCards = {
  latent20: {
    title: 'A VAE with twenty dimensions',
    about: '784-400-20, Bernoulli pixels: the architecture of many examples of a VAE.',
    trainings: ['latent20'],
    picture: 'latent20',
    figures: [loss('latent20', '10 epochs', [105.8, PYTORCH]), nll('latent20', '10 epochs')],
  },
  latent2: {
    title: 'A VAE whose codes are a plane',
    about: '784-512-256-2, squared error: every code can be drawn.',
    trainings: ['latent2'],
    picture: 'latent2',
    figures: [loss('latent2', '10 epochs', [35.6, PYTORCH])],
  },
  conditional: {
    title: 'A VAE that is told the class',
    about:
      '`latent20` with the label, one-hot, in encoder and decoder: the code is left to say how a digit is drawn.',
    trainings: ['conditional', 'latent20'],
    picture: 'conditional',
    figures: [
      loss('conditional', 'with the label', [101.7, PYTORCH]),
      loss('latent20', 'without', [105.8, PYTORCH]),
    ],
    claims: [
      [
        'The label is worth 3 nats or more.',
        ({ conditional, latent20 }) => conditional.loss < latent20.loss - 3,
      ],
    ],
  },
  priors: {
    title: 'Priors that are learned',
    about:
      'A mixture of 50 Gaussians, and a VampPrior of 50 pseudo-inputs (Tomczak & Welling 2018), in place of the standard normal of `latent20`.',
    trainings: ['latent20', 'latent20-mixture', 'latent20-vamp'],
    picture: 'latent20-vamp',
    figures: [
      loss('latent20', 'standard normal'),
      loss('latent20-mixture', 'mixture'),
      loss('latent20-vamp', 'VampPrior'),
    ],
    claims: [
      [
        'The VampPrior is better than the standard normal.',
        (found) => found['latent20-vamp'].loss < found.latent20.loss,
      ],
    ],
  },
  posteriors: {
    title: 'Posteriors with more freedom',
    about:
      'A Gaussian of any covariance, and a flow of four coupling layers (Dinh et al. 2017), in place of the diagonal Gaussian of `latent20`.',
    trainings: ['latent20', 'latent20-full', 'latent20-flow'],
    picture: 'latent20-flow',
    figures: [
      loss('latent20', 'diagonal'),
      loss('latent20-full', 'full covariance'),
      loss('latent20-flow', 'flow'),
    ],
    claims: [
      [
        'Full covariance is better than a diagonal one.',
        (found) => found['latent20-full'].loss < found.latent20.loss,
      ],
    ],
  },
  iwae: {
    title: 'Several codes for an image',
    about:
      'The importance-weighted bound of five samples (Burda et al. 2016), with the plain gradient and the doubly reparameterized one (Tucker et al. 2018), beside the ELBO of `latent20`.',
    differs:
      'Burda et al. train 784-200-200-50 on binarized images for 3,280 epochs, and reach 86.76 (one sample) and 84.78 (50 samples). Here it is the order that is compared, after 10 epochs.',
    trainings: ['latent20', 'latent20-iwae5', 'latent20-dreg5'],
    picture: 'latent20-iwae5',
    figures: [
      nll('latent20', 'ELBO'),
      nll('latent20-iwae5', 'five samples'),
      nll('latent20-dreg5', 'five samples, DReG'),
    ],
    claims: [
      [
        'Five samples are better than one.',
        (found) => nllOf(found, 'latent20-iwae5') < nllOf(found, 'latent20'),
      ],
    ],
  },
  conv20: {
    title: 'Convolutions instead of dense layers',
    about: 'Two convolutions and a dense layer to twenty dimensions, beside the dense `latent20`.',
    trainings: ['conv20', 'latent20'],
    picture: 'conv20',
    figures: [loss('conv20', 'convolutions'), loss('latent20', 'dense layers')],
    claims: [
      [
        'The convolutions are better by 3 nats or more.',
        ({ conv20, latent20 }) => conv20.loss < latent20.loss - 3,
      ],
    ],
  },
  conv2: {
    title: 'Convolutions to a plane',
    about:
      "The shapes of Keras's example of a VAE, beside dense layers 784-512-256-2 of the same likelihood.",
    trainings: ['conv2', 'dense2'],
    picture: 'conv2',
    figures: [loss('conv2', 'convolutions'), loss('dense2', 'dense layers')],
    claims: [
      ['The convolutions are better by 1 nat or more.', ({ conv2, dense2 }) => conv2.loss < dense2.loss - 1],
    ],
  },
  beta: {
    title: 'The weight of the KL',
    about:
      'beta-VAE (Higgins et al. 2017): the larger beta, the less the codes say of an image, and the worse is its reconstruction.',
    trainings: BETAS.map(([, name]) => name),
    picture: 'latent20-beta4',
    figures: BETAS.flatMap(([beta, name]) => [
      { label: `beta ${beta}: KL`, of: (found) => found[name].kl },
      { label: `beta ${beta}: reconstruction`, of: (found) => found[name].reconstruction },
    ]),
    claims: [
      ['The KL falls with beta.', (found) => isRising(BETAS.map(([, name]) => -found[name].kl))],
      [
        'The reconstruction term rises with beta.',
        (found) => isRising(BETAS.map(([, name]) => found[name].reconstruction)),
      ],
    ],
  },
} as const satisfies Readonly<Record<string, Card>>;

/** The name of one of {@link cards}. */
export type CardName = keyof typeof allCards;

export const cards: Readonly<Record<CardName, Card>> = allCards;
