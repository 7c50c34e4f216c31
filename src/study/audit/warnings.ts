import { formatNumber } from '../../tensor/format.js';
import type { Weights } from './beta.js';
import { type Link, linkTo } from './links.js';

/** The names of all warnings. */
export const WARNINGS = [
  'mean-times-sum',
  'kl-mean',
  'batch-size',
  'kl-sign',
  'deterministic-z',
  'detached-z',
  'missing-half',
  'prior-z',
  'wrong-derivative',
  'grayscale-cross-entropy',
  'validation-weight',
] as const;
/** One of {@link WARNINGS}. */
export type WarningName = (typeof WARNINGS)[number];

/** Something in a loss that is likely to be wrong, with what comes of it. */
export interface Warning {
  readonly name: WarningName;
  readonly title: string;
  /** Two lines: the finding, and its consequence or remedy. */
  readonly explanation: readonly [string, string];
  readonly link: Link;
}

/** What warnings depend on, declared or measured. */
export interface Facts extends Weights {
  readonly likelihood: 'bernoulli' | 'gaussian' | 'mse';
  /** null if it could not be measured. */
  readonly reconstruction: 'sum' | 'mean' | null;
  readonly reconstructionBatch: 'sum' | 'mean' | null;
  readonly kl: 'sum' | 'mean' | null;
  readonly klBatch: 'sum' | 'mean' | null;
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

/** The page shows the effect of a beta within the range of its settings. */
const trainAt = (beta: number): string =>
  beta >= 0 && beta <= 1000 ? `#/train?beta=${formatNumber(beta, 7)}` : '#/train';

type Rule = (facts: Facts) => Omit<Warning, 'name'> | null;

const RULES: Readonly<Record<WarningName, Rule>> = {
  'mean-times-sum': ({ reconstruction, kl, beta, features }) =>
    reconstruction === 'mean' && kl === 'sum' && beta > 1 + NEAR
      ? {
          title: 'The reconstruction is a mean over features, the KL a sum',
          explanation: [
            `A mean over ${features} features divides the reconstruction by ${features} and leaves the KL as it is: beta is ${formatNumber(beta, 7)}.`,
            `Expect posteriors that fall back to the prior. Sum over features, or weigh the KL by 1 / ${features}.`,
          ],
          link: linkTo('weights', trainAt(beta)),
        }
      : null,
  'kl-mean': ({ reconstruction, kl, beta, latent }) =>
    kl === 'mean' && reconstruction === 'sum' && latent > 1 && beta < 1 - NEAR
      ? {
          title: 'The KL is a mean over latent dimensions, the reconstruction a sum',
          explanation: [
            `A mean over ${latent} latent dimensions divides the KL by ${latent}: beta is ${formatNumber(beta, 7)}, and changes with the size of z.`,
            'Expect sharp reconstructions and poor samples from the prior. The KL of a posterior is the sum over its dimensions.',
          ],
          link: linkTo('weights', trainAt(beta)),
        }
      : null,
  'batch-size': ({ reconstructionBatch, klBatch, batch, beta }) =>
    reconstructionBatch !== null && klBatch !== null && reconstructionBatch !== klBatch && batch > 1
      ? {
          title: 'One term is a sum over the batch, the other a mean',
          explanation: [
            `beta is ${formatNumber(beta, 7)} at a batch of ${batch}, another one at any other size, and in the last batch of an epoch.`,
            'Reduce both over the batch in the same way.',
          ],
          link: linkTo('weights', trainAt(beta)),
        }
      : null,
  'kl-sign': ({ klFactor }) =>
    klFactor < 0
      ? {
          title: 'The KL has the wrong sign',
          explanation: [
            'The loss pays for leaving the prior, and falls without end as the KL grows.',
            'Written with 1 + logvar - mean^2 - exp(logvar), the KL is -1/2 times the sum of that.',
          ],
          link: linkTo('broken', '#/break?mutation=kl-sign'),
        }
      : null,
  'deterministic-z': ({ deterministic }) =>
    deterministic
      ? {
          title: 'Training decodes the mean, not a sample',
          explanation: [
            'Without noise the reconstruction does not depend on logvar: nothing is paid for a narrow posterior, and the KL alone sets it.',
            'That is an autoencoder with a penalty, not the ELBO: what lies between the codes is never decoded in training.',
          ],
          link: linkTo('sample', '#/step?epsilon=zero'),
        }
      : null,
  'detached-z': ({ detached }) =>
    detached
      ? {
          title: 'z is detached',
          explanation: [
            'No gradient of the reconstruction reaches mean and logvar, so the encoder learns from the KL alone and forgets x.',
            'Sample as mean + exp(logvar / 2) * epsilon, outside of no_grad, with neither detach nor stopGradient.',
          ],
          link: linkTo('broken', '#/break?mutation=detach-z'),
        }
      : null,
  'missing-half': ({ half }) =>
    half
      ? null
      : {
          title: 'exp(logvar) is used as the standard deviation',
          explanation: [
            'The sample has the variance exp(2 logvar), but the KL is that of a posterior with the variance exp(logvar).',
            'Gradient checks pass, as the function is differentiated rightly; it is not the ELBO. Write exp(logvar / 2).',
          ],
          link: linkTo('broken', '#/break?mutation=variance-as-sigma'),
        },
  'prior-z': ({ prior }) =>
    prior
      ? {
          title: 'z does not depend on mean and logvar',
          explanation: [
            'Training decodes noise whatever x is: nothing that the encoder finds reaches the decoder.',
            'The KL falls to 0 and every reconstruction is the same picture. Sample as mean + exp(logvar / 2) * epsilon.',
          ],
          link: linkTo('broken', '#/break?mutation=prior-sample'),
        }
      : null,
  'wrong-derivative': ({ differentiated, detached }) =>
    !differentiated && !detached
      ? {
          title: 'The gradient through z is not that of the function',
          explanation: [
            'What backpropagation gives for dz/dmean or dz/dlogvar differs from central differences of the same z.',
            'Look at derivative rules written by hand, and at parts of the sample that are cut off from the graph.',
          ],
          link: linkTo('check', '#/break?mutation=drop-half'),
        }
      : null,
  'grayscale-cross-entropy': ({ likelihood, grayscale, entropyFloor }) =>
    likelihood === 'bernoulli' && grayscale
      ? {
          title: 'Cross-entropy of gray values',
          explanation: [
            entropyFloor === null
              ? 'A gray value has an entropy of its own, so the loss cannot reach 0: its floor is the entropy of the data.'
              : `The loss cannot fall below the entropy of the data, ${formatNumber(entropyFloor, 7)} nats per example here: compare with that, not with 0.`,
            'It is not a log-likelihood of gray values either; binarize the data to compare with published numbers.',
          ],
          link: linkTo('weights', '#/train?likelihood=bernoulli'),
        }
      : null,
  'validation-weight': ({ validationBeta, beta }) =>
    validationBeta !== null && Math.abs(validationBeta - beta) > NEAR * Math.max(1, Math.abs(beta))
      ? {
          title: 'Training and validation weigh the KL differently',
          explanation: [
            `beta is ${formatNumber(beta, 7)} in training and ${formatNumber(validationBeta, 7)} in validation, so the two losses are different functions.`,
            'A gap between them, and the epoch that early stopping picks, say nothing. Use one loss, and report the ELBO (beta 1) beside it.',
          ],
          link: linkTo('weights', trainAt(beta)),
        }
      : null,
};

/** The warnings that apply, in the order of {@link WARNINGS}. */
export function warningsFor(facts: Facts): Warning[] {
  return WARNINGS.flatMap((name) => {
    const found = RULES[name](facts);
    return found === null ? [] : [{ name, ...found }];
  });
}
