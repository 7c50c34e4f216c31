import { imageDataset } from '../../data/dataset.js';
import type { LabeledImages } from '../../data/images.js';
import { firstExamples } from '../../study/first-rows.js';
import { formatNats } from '../../tensor/format.js';
import { type EpochMetrics, entropyFloor, type Likelihood } from '../../vae/index.js';
import type { RunConfig } from '../../vae/run/config.js';
import { escapeHtml } from './html.js';

/** Images that the entropy floor is averaged over. */
const FLOOR_IMAGES = 2000;

/** The minimum of a Bernoulli cross-entropy on these images, in nats per example. */
export const floorOf = (images: LabeledImages): number =>
  entropyFloor(firstExamples(imageDataset(images), FLOOR_IMAGES, 'float64'));

/** How to read the numbers, as HTML. */
export function conventions(config: RunConfig, likelihood: Likelihood, test: LabeledImages): string[] {
  const { model, training } = config;
  const notes = [
    'All terms are nats per example: summed over pixels or latent dimensions, averaged over examples. The training curve ' +
      'averages over each epoch while the weights change; the test curve is measured after it.',
  ];
  if (model.likelihood === 'bernoulli' && !training.binarize) {
    notes.push(
      `${test.channels === 3 ? 'The channels of the pixels lie between 0 and 1' : 'The pixels are gray'}, so the reconstruction is a cross-entropy, not a log-likelihood. It cannot fall below the ` +
        `entropy of the data, ${formatNats(floorOf(test))} nats per test example.`,
    );
  }
  if (model.likelihood === 'bernoulli' && training.binarize) {
    notes.push('Each pixel is drawn as 0 or 1 anew at every step, with its value as the probability.');
  }
  const constant = likelihood.constant(model.features);
  if (constant !== 0) {
    const isHalf = Math.abs(2 * model.sigma ** 2 - 1) < 1e-9;
    const what = isHalf
      ? 'With σ² = ½ the Gaussian log-likelihood is the plain squared error, so the loss shown is squared error + KL, without its constant'
      : `With σ = ${model.sigma} the reconstruction is the squared error / 2σ², without its constant`;
    notes.push(
      `${what} ${formatNats(constant)} nats (${model.features} × (ln σ + ½ ln 2π)). The ELBO includes the constant.`,
    );
  }
  if (model.condition === 'label') {
    notes.push(
      'Encoder and decoder are told the class of each example, so the terms are of p(x | class): they are no bound of p(x).',
    );
  }
  const { posterior, prior } = model;
  const hasFormula =
    prior === 'standard' ? posterior !== 'flow' : prior === 'conditional' && posterior === 'diagonal';
  if (!hasFormula) {
    notes.push(
      'The KL has no formula for this posterior and prior: it is log q(z | x) − log p(z) at one sample of each example, for all dimensions together.',
    );
  }
  if (training.beta !== 1 && training.capacity === null) {
    notes.push(
      `The KL has the weight ${training.beta} in the loss (beta); the ELBO is always taken at beta 1.`,
    );
  }
  const { beta, capacity, warmupEpochs, warmupCycle } = training;
  if (capacity !== null) {
    notes.push(`The loss has ${beta} times the distance of the KL from a capacity of ${capacity} nats.`);
  }
  if (warmupEpochs > 0) {
    const what = capacity === null ? 'The weight of the KL' : 'The capacity of the KL';
    const when =
      warmupCycle === null
        ? `the first ${warmupEpochs} epochs`
        : `${warmupEpochs} epochs, and anew every ${warmupCycle}`;
    notes.push(`${what} rises from 0 over ${when}.`);
  }
  if (training.kl === 'sample') {
    notes.push('The KL is log q(z | x) − log p(z) at the samples of z, not in closed form.');
  }
  if (training.objective === 'iwae') {
    notes.push(
      `The loss is −log of the mean importance weight of ${training.samples} samples of z, whose gradient is estimated ` +
        `by ${training.estimator}. It is nearer to −log p(x) than the ELBO with every sample, and has no part for each pixel or dimension: ` +
        'reconstruction and KL are those of the ELBO.',
    );
  } else if (training.samples > 1) {
    notes.push(`Every term is an average over ${training.samples} samples of z for each example.`);
  }
  if (training.freeBits > 0) {
    notes.push(`A latent dimension's KL counts at least ${training.freeBits} nats in the loss (free bits).`);
  }
  return notes.map((note) => escapeHtml(note));
}

/**
 * That the model has not started, in words; null where it has, or where there was no test to tell.
 * @param history of all epochs, at least one
 */
export function notStarted(history: readonly EpochMetrics[]): string | null {
  const { epoch, test } = history[history.length - 1];
  if (test === undefined || test.activeUnits > 0) return null;
  return (
    `The model has not started: after ${epoch === 1 ? 'one epoch' : `${epoch} epochs`} no dimension of z is active (KL ${formatNats(test.kl)} nats), so every code is ` +
    'decoded to nearly the same picture. More epochs may start it; so may --initialize heUniform, --warmup, or a smaller --beta.'
  );
}

/** A dimension of z carried something while its KL was above the first of these, and carries nothing below the second, in nats. */
const [OPEN, CLOSED] = [0.1, 0.01];

/**
 * The dimensions of z that carried something once and carry nothing any more (posterior collapse), in words; null where there are
 * none, or there was no test to tell.
 */
export function collapsed(history: readonly EpochMetrics[]): string | null {
  const kls = history.flatMap(({ epoch, test }) =>
    test === undefined ? [] : [{ epoch, kl: test.klPerDimension }],
  );
  const now = kls.at(-1)?.kl ?? [];
  const died = now.flatMap((nats, k) => {
    const open = kls.findLast(({ kl }) => kl[k] > OPEN);
    return nats < CLOSED && open !== undefined ? [`z${k + 1} after epoch ${open.epoch}`] : [];
  });
  if (died.length === 0) return null;
  return (
    `Posterior collapse: ${died.length} of ${now.length} dimensions of z carried something and carry nothing any more (${died.join(', ')}): their KL fell from above ` +
    `${OPEN} to below ${CLOSED} nats. A longer --warmup, --free-bits or a smaller --beta may keep them.`
  );
}
