import { formatNumber, formatSeconds } from '../../tensor/format.js';
import type { DiscreteFindings, DiscreteReport } from '../discrete/bench.js';
import type { DetachedRow } from '../discrete/detached.js';
import type { EstimatorCost } from '../estimators/cost.js';
import type { DecoderNoise } from '../estimators/decoder.js';
import { estimatorNames, estimatorWords } from '../estimators/names.js';
import type {
  AtSamples,
  EstimatorFindings,
  EstimatorInGroup,
  EstimatorReport,
} from '../estimators/report.js';
import {
  decimals,
  numbers,
  type Report,
  type Series,
  seriesOf,
  type Table,
  tableOf,
  words,
} from './report.js';

/** A whole comparison of gradient estimators. */
export interface EstimatorStudy {
  readonly report: EstimatorReport;
  readonly costs: Readonly<Record<string, EstimatorCost>>;
  readonly decoder: DecoderNoise;
  readonly discrete: DiscreteReport;
  readonly detached: readonly DetachedRow[];
}

/** Where a comparison was made, and the group that the tables by K are about. */
export interface EstimatorSetting {
  /** The origin of the model. */
  readonly subject: string;
  readonly batch: number;
  readonly beta: number;
  readonly seed: number;
  readonly group: string;
}

/** Averages needed for a meaningful variance. */
export const ENOUGH_AVERAGES = 8;

/** One estimator in one group of parameters. @throws RangeError when there is no such group. */
export function inGroup({ groups }: EstimatorFindings, group: string): EstimatorInGroup {
  const found = groups.find((one) => one.group === group);
  if (found !== undefined) return found;
  throw new RangeError(
    `there is no group '${group}'; there are ${groups.map((one) => one.group).join(', ')}`,
  );
}

const signed = (value: number): string => `${value < 0 ? '' : '+'}${value.toFixed(1)}`;
const withError = ({ bias, biasError }: Pick<DiscreteFindings, 'bias' | 'biasError'>): string =>
  `${formatNumber(bias)} +- ${formatNumber(biasError)}`;

/** One draw of each estimator, in one group. */
function singleTable({ report, costs }: EstimatorStudy, group: string): Table {
  const { size, length } = report.reference.find((one) => one.group === group) ?? { size: 0, length: 0 };
  const rows = report.estimators.map((found) => ({
    ...inGroup(found, group),
    ...costs[found.name],
    title: found.title,
  }));
  return tableOf(
    `One draw of epsilon, gradient by ${group} (${size} numbers, length ${formatNumber(length)}): total variance, and ` +
      `bias over ${report.samples} draws`,
    rows,
    [
      words('estimator', ({ title }) => title),
      numbers('variance', ({ variance }) => variance),
      numbers('x pathwise', ({ drawsForOne }) => drawsForOne),
      numbers('signal/noise', ({ at }) => at[0].signalToNoise),
      numbers('cosine', ({ at }) => at[0].cosine, decimals(3)),
      { title: 'bias', align: 'right', cell: withError },
      numbers('in errors', ({ biasInErrors }) => biasInErrors, signed),
      { title: 'passes', align: 'right', cell: ({ forward, backward }) => `${forward} + ${backward}` },
      numbers('time', ({ seconds }) => seconds, formatSeconds),
    ],
  );
}

/** Every group: variance over pathwise, and the bias in standard errors. */
function groupTables({ report, decoder }: EstimatorStudy): (Table | string)[] {
  const table = (
    title: string,
    value: (found: EstimatorInGroup) => number,
    format?: (x: number) => string,
  ): Table =>
    tableOf(
      title,
      report.reference.map(({ group }) => group),
      [
        words('gradient by', (group) => group),
        ...report.estimators.map((found) =>
          numbers(found.name, (group: string) => value(inGroup(found, group)), format),
        ),
      ],
    );
  const { length, variance, samples, size } = decoder;
  return [
    table(
      'Variance of one draw over that of pathwise: draws for the precision of one of its draws',
      ({ drawsForOne }) => drawsForOne,
    ),
    table(
      `Bias over ${report.samples} draws in standard errors (reference: ${report.referenceSamples} draws)`,
      ({ biasInErrors }) => biasInErrors,
      signed,
    ),
    `The decoder's own gradient (${size} numbers) is the same for every estimator: to it z is data. Its length is ` +
      `${formatNumber(length)}, its variance ${formatNumber(variance)} (${samples} draws), signal/noise ` +
      `${formatNumber(length / Math.sqrt(variance))}.`,
  ];
}

/** By K: the variance, the signal-to-noise ratio and the cosine of the average. */
function sampleTables({ report: { estimators } }: EstimatorStudy, group: string): Table[] {
  const levels = inGroup(estimators[0], group).at.map(({ samples }, level) => ({ samples, level }));
  type Row = (typeof levels)[number];
  const table = (title: string, cell: (at: AtSamples) => string): Table =>
    tableOf(title, levels, [
      words('K', ({ samples }) => String(samples)),
      ...estimators.map((found) => ({
        title: found.name,
        align: 'right' as const,
        cell: ({ level }: Row) => cell(inGroup(found, group).at[level]),
      })),
    ]);
  return [
    table(
      `Variance of the average of K draws, by ${group} (~: from the law 1 / K, too few averages to measure)`,
      ({ averages, variance, expectedVariance }) =>
        averages >= ENOUGH_AVERAGES ? formatNumber(variance) : `~${formatNumber(expectedVariance)}`,
    ),
    table(`Signal to noise of the average of K draws, by ${group}`, (at) => formatNumber(at.signalToNoise)),
    table(`Cosine of the average of K draws to the reference, by ${group}`, (at) => at.cosine.toFixed(3)),
  ];
}

function discreteParts({ discrete, detached }: EstimatorStudy): (Table | string)[] {
  const { codes, length, samples, estimators } = discrete;
  return [
    'Where the trick cannot go, 1: bits. A bit does not move with its logit. The score function has no bias; a relaxation ' +
      'can be differentiated through, and has one, which falls with its temperature while its variance rises.',
    tableOf(
      `Gradient by the logits of ${Math.log2(codes)} bits against the sum over all ${codes} codes (length ${formatNumber(length)}), ${samples} draws`,
      estimators,
      [
        words('estimator', ({ title }) => title),
        numbers('variance', ({ variance }) => variance),
        { title: 'bias', align: 'right', cell: withError },
        numbers(
          'of the length',
          ({ bias }) => (100 * bias) / length,
          (x) => `${x.toFixed(0)} %`,
        ),
        numbers('in errors', ({ bias, biasError }) => bias / biasError, decimals(1)),
        numbers('cosine', ({ cosine }) => cosine, decimals(3)),
      ],
    ),
    'Where the trick cannot go, 2: a sample that is detached. The loss has the same value, but the encoder learns from ' +
      'the KL alone.',
    tableOf('Length of the gradient by parameters of the encoder', detached, [
      words('parameter', ({ parameter }) => parameter),
      numbers('reconstruction', ({ reconstruction }) => reconstruction),
      numbers('detached', ({ detachedReconstruction }) => detachedReconstruction, String),
      numbers('KL', ({ kl }) => kl),
      numbers('detached loss', ({ detachedLoss }) => detachedLoss),
    ]),
  ];
}

/** Variance and cosine by the number of draws; bias and spread of the relaxation by its temperature. */
export function estimatorCharts(
  { report, discrete }: Pick<EstimatorStudy, 'report' | 'discrete'>,
  group: string,
) {
  const x = { label: 'K, draws averaged', log: true };
  const over = (value: (at: AtSamples) => number, needed: number): Series[] =>
    report.estimators.map((found) =>
      seriesOf(
        found.title,
        inGroup(found, group).at.filter(({ averages }) => averages >= needed),
        ({ samples }) => samples,
        value,
      ),
    );
  const relaxed = discrete.estimators.filter(({ temperature }) => temperature !== null).toReversed();
  const against = (name: string, value: (found: DiscreteFindings) => number): Series =>
    seriesOf(name, relaxed, ({ temperature }) => temperature ?? 0, value);
  const baseline = discrete.estimators.find(({ name }) => name === 'score-baseline');
  return {
    variance: {
      title: `Variance of the gradient by ${group} against the number of draws`,
      x,
      y: { label: 'total variance', log: true },
      series: over(({ variance }) => variance, ENOUGH_AVERAGES),
    },
    cosine: {
      title: `Cosine of the gradient by ${group} to the reference`,
      x,
      y: { label: 'cosine' },
      series: over(({ cosine }) => cosine, 0),
    },
    temperature: {
      title: 'A relaxation of bits: bias and standard deviation against temperature',
      x: { label: 'temperature', log: true },
      y: { label: 'length', log: true },
      series: [
        against('bias', ({ bias }) => bias),
        against('error of the bias', ({ biasError }) => biasError),
        against('one draw', ({ variance }) => Math.sqrt(variance)),
        against('one draw, score + baseline', () => Math.sqrt(baseline?.variance ?? Number.NaN)),
        against('length of the gradient', () => discrete.length),
      ],
    },
  };
}

/** Bias, variance and cost of every estimator, and where the trick cannot go. */
export function estimatorReport(study: EstimatorStudy, setting: EstimatorSetting): Report {
  const { subject, batch, beta, seed, group } = setting;
  return {
    name: 'estimators',
    parts: [
      `Estimators of the gradient of the negative ELBO at ${subject}; batch ${batch}, beta ${beta}, seed ${seed}.`,
      estimatorNames.map((name) => `${name}: ${estimatorWords[name].about}`).join('\n'),
      singleTable(study, group),
      ...groupTables(study),
      ...sampleTables(study, group),
      ...discreteParts(study),
    ],
    charts: estimatorCharts(study, group),
    data: { ...setting, ...study },
  };
}
