import {
  type DecoderNoise,
  type DetachedRow,
  type DiscreteReport,
  type EstimatorCost,
  type EstimatorFindings,
  type EstimatorInGroup,
  type EstimatorReport,
  estimatorNamed,
} from '../../study/index.js';
import { formatNumber, formatSeconds } from '../../tensor/format.js';
import type { Chart } from './chart.js';
import type { Table } from './output.js';

const signed = (value: number): string => `${value < 0 ? '' : '+'}${value.toFixed(1)}`;

/** The results of the command. */
export interface EstimatorStudy {
  readonly report: EstimatorReport;
  readonly costs: Readonly<Record<string, EstimatorCost>>;
  readonly decoder: DecoderNoise;
  readonly discrete: DiscreteReport;
  readonly detached: readonly DetachedRow[];
}

/** Averages needed for a meaningful variance. */
const ENOUGH = 8;

const inGroup = ({ groups }: EstimatorFindings, group: string): EstimatorInGroup => {
  const found = groups.find((one) => one.group === group);
  if (found === undefined) throw new Error(`there is no group '${group}'`);
  return found;
};

/** One draw of each estimator, in one group. */
export function singleTable({ report, costs }: EstimatorStudy, group: string): Table {
  const { size, length } = report.reference.find((one) => one.group === group) ?? { size: 0, length: 0 };
  return {
    title:
      `One draw of epsilon, gradient by ${group} (${size} numbers, length ${formatNumber(length)}): total variance, and ` +
      `bias over ${report.samples} draws`,
    columns: [
      'estimator',
      'variance',
      'x pathwise',
      'signal/noise',
      'cosine',
      'bias',
      'in errors',
      'passes',
      'time',
    ],
    rows: report.estimators.map((findings) => {
      const { variance, drawsForOne, bias, biasError, biasInErrors, at } = inGroup(findings, group);
      const { forward, backward, seconds } = costs[findings.name];
      return [
        findings.title,
        formatNumber(variance),
        formatNumber(drawsForOne),
        formatNumber(at[0].signalToNoise),
        at[0].cosine.toFixed(3),
        `${formatNumber(bias)} +- ${formatNumber(biasError)}`,
        signed(biasInErrors),
        `${forward} + ${backward}`,
        formatSeconds(seconds),
      ];
    }),
  };
}

/** Every group: variance over pathwise, and the bias in standard errors. */
export function groupTables({ report, decoder }: EstimatorStudy): (Table | string)[] {
  const table = (title: string, cell: (group: EstimatorInGroup) => string): Table => ({
    title,
    columns: ['gradient by', ...report.estimators.map(({ name }) => name)],
    rows: report.reference.map(({ group }) => [
      group,
      ...report.estimators.map((findings) => cell(inGroup(findings, group))),
    ]),
  });
  const { length, variance, samples, size } = decoder;
  return [
    table('Variance of one draw over that of pathwise: draws for the precision of one of its draws', (g) =>
      formatNumber(g.drawsForOne),
    ),
    table(
      `Bias over ${report.samples} draws in standard errors (reference: ${report.referenceSamples} draws)`,
      (g) => signed(g.biasInErrors),
    ),
    `The decoder's own gradient (${size} numbers) is the same for every estimator: to it z is data. Its length is ` +
      `${formatNumber(length)}, its variance ${formatNumber(variance)} (${samples} draws), signal/noise ` +
      `${formatNumber(length / Math.sqrt(variance))}.`,
  ];
}

/** By K: the variance, the signal-to-noise ratio and the cosine of the average. */
export function sampleTables({ report }: EstimatorStudy, group: string): Table[] {
  const of = report.estimators.map((findings) => inGroup(findings, group).at);
  const table = (title: string, cell: (at: EstimatorInGroup['at'][number]) => string): Table => ({
    title,
    columns: ['K', ...report.estimators.map(({ name }) => name)],
    rows: of[0].map(({ samples }, k) => [String(samples), ...of.map((at) => cell(at[k]))]),
  });
  return [
    table(
      `Variance of the average of K draws, by ${group} (~: from the law 1 / K, too few averages to measure)`,
      (at) => (at.averages >= ENOUGH ? formatNumber(at.variance) : `~${formatNumber(at.expectedVariance)}`),
    ),
    table(`Signal to noise of the average of K draws, by ${group}`, ({ signalToNoise }) =>
      formatNumber(signalToNoise),
    ),
    table(`Cosine of the average of K draws to the reference, by ${group}`, ({ cosine }) =>
      cosine.toFixed(3),
    ),
  ];
}

export function discreteParts({ discrete, detached }: EstimatorStudy): (Table | string)[] {
  const { codes, length, samples, estimators } = discrete;
  return [
    'Where the trick cannot go, 1: bits. A bit does not move with its logit. The score function has no bias; a relaxation ' +
      'can be differentiated through, and has one, which falls with its temperature while its variance rises.',
    {
      title: `Gradient by the logits of ${Math.log2(codes)} bits against the sum over all ${codes} codes (length ${formatNumber(length)}), ${samples} draws`,
      columns: ['estimator', 'variance', 'bias', 'of the length', 'in errors', 'cosine'],
      rows: estimators.map(({ title, variance, bias, biasError, cosine }) => [
        title,
        formatNumber(variance),
        `${formatNumber(bias)} +- ${formatNumber(biasError)}`,
        `${((100 * bias) / length).toFixed(0)} %`,
        (bias / biasError).toFixed(1),
        cosine.toFixed(3),
      ]),
    },
    'Where the trick cannot go, 2: a sample that is detached. The loss has the same value, but the encoder learns from ' +
      'the KL alone.',
    {
      title: 'Length of the gradient by parameters of the encoder',
      columns: ['parameter', 'reconstruction', 'detached', 'KL', 'detached loss'],
      rows: detached.map((row) => [
        row.parameter,
        formatNumber(row.reconstruction),
        String(row.detachedReconstruction),
        formatNumber(row.kl),
        formatNumber(row.detachedLoss),
      ]),
    },
  ];
}

export function estimatorCharts({ report, discrete }: EstimatorStudy, group: string): Record<string, Chart> {
  const over = (
    value: (at: EstimatorInGroup['at'][number]) => number,
    measured: (at: EstimatorInGroup['at'][number]) => boolean,
  ): Chart['series'] =>
    report.estimators.map((findings) => ({
      name: findings.title,
      points: inGroup(findings, group)
        .at.filter(measured)
        .map((at) => [at.samples, value(at)] as const),
    }));
  const relaxed = discrete.estimators.filter(({ temperature }) => temperature !== null);
  const against = (
    name: string,
    value: (one: (typeof relaxed)[number]) => number,
  ): Chart['series'][number] => ({
    name,
    points: relaxed.map((one) => [one.temperature ?? 0, value(one)] as const).toReversed(),
  });
  const level = (name: string, value: number): Chart['series'][number] => ({
    name,
    points: relaxed.map(({ temperature }) => [temperature ?? 0, value] as const).toReversed(),
  });
  const baseline = discrete.estimators.find(({ name }) => name === 'score-baseline');
  const x = { label: 'K, draws averaged', log: true };
  return {
    variance: {
      title: `Variance of the gradient by ${group} against the number of draws`,
      x,
      y: { label: 'total variance', log: true },
      series: over(
        ({ variance }) => variance,
        ({ averages }) => averages >= ENOUGH,
      ),
    },
    cosine: {
      title: `Cosine of the gradient by ${group} to the reference`,
      x,
      y: { label: 'cosine' },
      series: over(
        ({ cosine }) => cosine,
        () => true,
      ),
    },
    temperature: {
      title: 'A relaxation of bits: bias and standard deviation against temperature',
      x: { label: 'temperature', log: true },
      y: { label: 'length', log: true },
      series: [
        against('bias', ({ bias }) => bias),
        against('error of the bias', ({ biasError }) => biasError),
        against('one draw', ({ variance }) => Math.sqrt(variance)),
        level('one draw, score + baseline', Math.sqrt(baseline?.variance ?? Number.NaN)),
        level('length of the gradient', discrete.length),
      ],
    },
  };
}

/** One line on each estimator. */
export const explanations = (names: readonly string[]): string =>
  names.map((name) => `${name}: ${estimatorNamed(name).about}`).join('\n');
