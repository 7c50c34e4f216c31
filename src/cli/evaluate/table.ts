import { type Column, words } from '../../study/reports/report.js';
import { formatCount, formatNats, formatNumber } from '../../tensor/format.js';
import type { Estimate, Likelihood, MarginalLikelihood } from '../../vae/index.js';
import { binarizationWords } from './binarization.js';
import type { EvaluationAbout } from './stored.js';

/** One measure of one evaluation, ready to be shown. */
export interface EvaluationRow {
  /** Which examples, and how they were binarized. */
  readonly of: string;
  readonly measure: string;
  readonly value: string;
  /** Standard error over examples; '' where there is none. */
  readonly error: string;
  readonly unit: string;
}

/** 'test, gray': what every line says of its examples. */
export const evaluationOf = (about: EvaluationAbout): string =>
  `${about.on}, ${binarizationWords(about, about)}`;

const NATS = 'nats';
const fine = (x: number): string => formatNumber(x, 4);

/** Every measure of an evaluation; what is better is less, but for the active units. */
export function evaluationRows(
  about: EvaluationAbout,
  result: MarginalLikelihood,
  { latent }: { readonly latent: number },
): EvaluationRow[] {
  const of = evaluationOf(about);
  const row = (measure: string, value: string, unit: string, error = ''): EvaluationRow => ({
    of,
    measure,
    value,
    error,
    unit,
  });
  const estimate = (
    measure: string,
    { value, error }: Estimate,
    sign: 1 | -1,
    unit = NATS,
    format = formatNats,
  ) => row(measure, format(sign * value), unit, format(error));
  const { logLikelihood, effectiveSamples } = result;
  const samples = formatCount(result.samples);
  const { mean, least } = effectiveSamples;
  return [
    estimate('-ELBO', result.elbo, -1),
    ...result.bounds.map((bound) => estimate(`-bound, K = ${formatCount(bound.k)}`, bound, -1)),
    estimate(`-log p(x), ${samples} samples`, logLikelihood, -1),
    row('  its error from sampling', formatNats(logLikelihood.samplingError), NATS),
    row('  its bias, about', formatNats(logLikelihood.bias), NATS),
    row('bits per dimension', result.bitsPerDimension.toFixed(4), 'bits'),
    estimate('reconstruction, -log p(x | z)', result.reconstruction, 1),
    row('KL', formatNats(result.kl), NATS),
    row('active units', String(result.activeUnits), `of ${latent}`),
    estimate('squared error of the mean', result.squaredError, 1, 'a value', fine),
    row('effective samples, mean', mean.toFixed(1), `of ${samples}`),
    row('effective samples, least', least.toFixed(1), `of ${samples}`),
  ];
}

export const EVALUATION_COLUMNS: readonly Column<EvaluationRow>[] = [
  words('data', ({ of }) => of),
  words('measure', ({ measure }) => measure),
  { title: 'value', align: 'right', cell: ({ value }) => value },
  { title: 's.e.', align: 'right', cell: ({ error }) => error },
  words('', ({ unit }) => unit),
];

/** KL for each dimension, as one line. */
export function klLine(about: EvaluationAbout, { klPerDimension }: MarginalLikelihood): string {
  const each = klPerDimension.map((kl, i) => `z${i + 1} ${formatNats(kl)}`);
  const shown = klPerDimension.length === 1 ? `${formatNats(klPerDimension[0])} in all` : each.join(', ');
  return `KL per dimension, ${evaluationOf(about)}: ${shown}`;
}

/** Fewer effective samples than this say little of the mean of all weights. */
const FEW_EFFECTIVE = 10;

/** An evaluation and what came of it. */
export interface Evaluated {
  readonly about: EvaluationAbout;
  readonly result: MarginalLikelihood;
}

/** How the numbers are to be read. */
export function evaluationNotes(evaluations: readonly Evaluated[], { name }: Likelihood): string[] {
  const notes = [
    'Nats per example, means over examples, with their standard errors over examples (s.e.), in which the error of sampling is contained. ' +
      'Bounds and log p(x) are importance-weighted (Burda et al. 2016), from the same samples of z.',
  ];
  const all = (those: readonly Evaluated[]): string =>
    those.map(({ about }) => evaluationOf(about)).join('; ');
  const grays = evaluations.filter(({ about }) => about.binarization === 'gray');
  if (grays.length > 0 && name === 'bernoulli') {
    notes.push(
      `${all(grays)}: values between 0 and 1 have a cross-entropy and no likelihood. ` +
        'Figures published of binarized MNIST are of other data; see --binarize.',
    );
  }
  if (name === 'gaussian') {
    notes.push(
      'p(x) is a density, so that less than 0 bits per dimension are possible. Of 256 gray levels it would be log2(255) = 7.99 bits more.',
    );
  }
  const few = evaluations.filter(({ result }) => result.effectiveSamples.least < FEW_EFFECTIVE);
  if (few.length > 0) {
    notes.push(
      `${all(few)}: for some examples one sample outweighs most others. There -log p(x) is too high by more than its bias says; ` +
        'more --samples lower it.',
    );
  }
  return notes;
}
