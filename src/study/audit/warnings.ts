import { formatNumber } from '../../tensor/format.js';
import type { Weights } from './beta.js';
import type { Reduction } from './description.js';

/** The walkthrough of the trick. */
export const WALKTHROUGH = 'docs/reparameterization.md';

/** The sections of the walkthrough that warnings link to, without the #. */
export const ANCHORS = {
  sample: 'why-cant-we-differentiate-a-sample',
  trick: 'move-the-randomness-aside',
  check: 'check-it',
  weights: 'two-forces-on-one-latent-dimension',
  broken: 'break-it',
} as const;

/** Where a warning is explained and shown. */
export interface Link {
  /** File and section of the walkthrough. */
  readonly walkthrough: string;
  /** The page's hash: the view and settings that show it. */
  readonly page: string;
}

/** What warnings depend on, declared or measured. */
export interface Facts extends Weights {
  readonly likelihood: 'bernoulli' | 'gaussian' | 'mse';
  /** null if it could not be measured. */
  readonly reconstruction: Reduction | null;
  readonly reconstructionBatch: Reduction | null;
  readonly kl: Reduction | null;
  readonly klBatch: Reduction | null;
  readonly half: boolean;
  readonly deterministic: boolean;
  readonly detached: boolean;
  /** Whether z is noise that neither mean nor logvar change. */
  readonly prior: boolean;
  /** Whether gradients through z are those of the function. */
  readonly differentiated: boolean;
  readonly grayscale: boolean;
  readonly features: number;
  readonly latent: number;
  readonly batch: number;
  /** beta in the validation loss; null if the losses are the same. */
  readonly validationBeta: number | null;
  /** Nats per example; null without data. */
  readonly entropyFloor: number | null;
}

/** Rounding of a beta that is 1. */
const NEAR = 1e-6;

/** One warning: when it applies, and what it says. */
interface Rule {
  readonly when: (facts: Facts) => boolean;
  readonly title: string;
  /** Two lines: the finding, and its consequence or remedy. */
  readonly explanation: (facts: Facts) => readonly [string, string];
  readonly section: keyof typeof ANCHORS;
  /** The page's hash. Defaults to the training view at the beta of the loss, where its settings reach that. */
  readonly page?: string;
}

const nats = (x: number): string => formatNumber(x, 7);

const RULES = {
  'mean-times-sum': {
    when: ({ reconstruction, kl, beta }) => reconstruction === 'mean' && kl === 'sum' && beta > 1 + NEAR,
    title: 'The reconstruction is a mean over features, the KL a sum',
    explanation: ({ features, beta }) => [
      `A mean over ${features} features divides the reconstruction by ${features} and leaves the KL as it is: beta is ${nats(beta)}.`,
      `Expect posteriors that fall back to the prior. Sum over features, or weigh the KL by 1 / ${features}.`,
    ],
    section: 'weights',
  },
  'kl-mean': {
    when: ({ reconstruction, kl, beta, latent }) =>
      kl === 'mean' && reconstruction === 'sum' && latent > 1 && beta < 1 - NEAR,
    title: 'The KL is a mean over latent dimensions, the reconstruction a sum',
    explanation: ({ latent, beta }) => [
      `A mean over ${latent} latent dimensions divides the KL by ${latent}: beta is ${nats(beta)}, and changes with the size of z.`,
      'Expect sharp reconstructions and poor samples from the prior. The KL of a posterior is the sum over its dimensions.',
    ],
    section: 'weights',
  },
  'batch-size': {
    when: ({ reconstructionBatch, klBatch, batch }) =>
      reconstructionBatch !== null && klBatch !== null && reconstructionBatch !== klBatch && batch > 1,
    title: 'One term is a sum over the batch, the other a mean',
    explanation: ({ beta, batch }) => [
      `beta is ${nats(beta)} at a batch of ${batch}, another one at any other size, and in the last batch of an epoch.`,
      'Reduce both over the batch in the same way.',
    ],
    section: 'weights',
  },
  'kl-sign': {
    when: ({ klFactor }) => klFactor < 0,
    title: 'The KL has the wrong sign',
    explanation: () => [
      'The loss rewards leaving the prior, and falls without end as the KL grows.',
      'Written with 1 + logvar - mean^2 - exp(logvar), the KL is -1/2 times the sum of that.',
    ],
    section: 'broken',
    page: '#/break?mutation=kl-sign',
  },
  'deterministic-z': {
    when: ({ deterministic }) => deterministic,
    title: 'Training decodes the mean, not a sample',
    explanation: () => [
      'Without noise the reconstruction does not depend on logvar: a narrow posterior costs nothing, and the KL alone sets it.',
      'That is an autoencoder with a penalty, not the ELBO: what lies between the codes is never decoded in training.',
    ],
    section: 'sample',
    page: '#/step?epsilon=zero',
  },
  'detached-z': {
    when: ({ detached }) => detached,
    title: 'z is detached',
    explanation: () => [
      'No gradient of the reconstruction reaches mean and logvar, so the encoder learns from the KL alone and forgets x.',
      'Sample as mean + exp(logvar / 2) * epsilon, outside of no_grad, with neither detach nor stopGradient.',
    ],
    section: 'broken',
    page: '#/break?mutation=detach-z',
  },
  'missing-half': {
    when: ({ half }) => !half,
    title: 'exp(logvar) is used as the standard deviation',
    explanation: () => [
      'The sample has the variance exp(2 logvar), but the KL is that of a posterior with the variance exp(logvar).',
      'Gradient checks pass, as the derivatives of the function are right; it is not the ELBO. Write exp(logvar / 2).',
    ],
    section: 'broken',
    page: '#/break?mutation=variance-as-sigma',
  },
  'prior-z': {
    when: ({ prior }) => prior,
    title: 'z does not depend on mean and logvar',
    explanation: () => [
      'Training decodes noise whatever x is: nothing that the encoder finds reaches the decoder.',
      'The KL falls to 0 and every reconstruction is the same picture. Sample as mean + exp(logvar / 2) * epsilon.',
    ],
    section: 'broken',
    page: '#/break?mutation=prior-sample',
  },
  'wrong-derivative': {
    when: ({ differentiated, detached }) => !differentiated && !detached,
    title: 'The gradient through z is not that of the function',
    explanation: () => [
      'What backpropagation gives for dz/dmean or dz/dlogvar differs from central differences of the same z.',
      'Look at derivative rules written by hand, and at parts of the sample that are cut off from the graph.',
    ],
    section: 'check',
    page: '#/break?mutation=drop-half',
  },
  'grayscale-cross-entropy': {
    when: ({ likelihood, grayscale }) => likelihood === 'bernoulli' && grayscale,
    title: 'Cross-entropy of gray values',
    explanation: ({ entropyFloor }) => [
      entropyFloor === null
        ? 'A gray value has an entropy of its own, so the loss cannot reach 0: its floor is the entropy of the data.'
        : `The loss cannot fall below the entropy of the data, ${nats(entropyFloor)} nats per example here: compare with that, not with 0.`,
      'It is not a log-likelihood of gray values either; binarize the data to compare with published numbers.',
    ],
    section: 'weights',
    page: '#/train?likelihood=bernoulli',
  },
  'validation-weight': {
    when: ({ validationBeta, beta }) =>
      validationBeta !== null && Math.abs(validationBeta - beta) > NEAR * Math.max(1, Math.abs(beta)),
    title: 'Training and validation weigh the KL differently',
    explanation: ({ beta, validationBeta }) => [
      `beta is ${nats(beta)} in training and ${nats(validationBeta ?? beta)} in validation, so the two losses are different functions.`,
      'A gap between them, and the epoch that early stopping picks, say nothing. Use one loss, and report the ELBO (beta 1) beside it.',
    ],
    section: 'weights',
  },
} satisfies Record<string, Rule>;

/** One of {@link WARNINGS}. */
export type WarningName = keyof typeof RULES;
/** The names of all warnings. */
export const WARNINGS = Object.keys(RULES) as readonly WarningName[];

/** Something in a loss that is likely to be wrong, with what comes of it. */
export interface Warning {
  readonly name: WarningName;
  readonly title: string;
  /** Two lines: the finding, and its consequence or remedy. */
  readonly explanation: readonly [string, string];
  readonly link: Link;
}

/** The page shows the effect of a beta within the range of its settings. */
const trainAt = (beta: number): string =>
  beta >= 0 && beta <= 1000 ? `#/train?beta=${nats(beta)}` : '#/train';

/** The warnings that apply, in the order of {@link WARNINGS}. */
export const warningsFor = (facts: Facts): Warning[] =>
  WARNINGS.flatMap((name) => {
    const { when, title, explanation, section, page = trainAt(facts.beta) }: Rule = RULES[name];
    const link = { walkthrough: `${WALKTHROUGH}#${ANCHORS[section]}`, page };
    return when(facts) ? [{ name, title, explanation: explanation(facts), link }] : [];
  });
